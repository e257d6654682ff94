"""Claude, through the chat completions that Anthropic's address speaks as well.

LlamaIndex's own class (llama-index-llms-anthropic 0.12.3) needs `anthropic[bedrock,vertex]`, which brings
boto3 and google-auth along for two other ways to the same models; boto3's botocore wants a python-dateutil
below 3, and Byline is tested with 4. This needs nothing more than `openai_like.py`.
https://docs.claude.com/en/api/openai-sdk
"""

from .openai_like import open_llm
from .types import Provider

PROVIDER = Provider(
    open=open_llm,
    module="llama_index.llms.openai_like",
    extra="anthropic",
    url="https://api.anthropic.com/v1",
    variable="ANTHROPIC_API_KEY",
)
