"""The doors for programs: plain JSON, OpenAI's API, Gradio's endpoints, MCP. They are shut unless asked for.

A door reads what it is sent as a noun of `wanted`, asks the `Desk`, and says what comes in its own shape.
"""
