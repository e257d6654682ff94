"""The chat page: Blocks on Gradio, whose truth is the server's store of conversations.

The browser sends a conversation's id (in the page's address), the new question, and the settings that it
keeps (a cookie), nothing else. What stands around the conversation is made by the scripts in `static/`.
"""

import gradio as gr

from ui.conversations import Conversations
from ui.doors.desk import Desk
from ui.doors.gradio_door import gradio_endpoints
from ui.library import Library
from ui.limits import Limits
from ui.talk import IDLE, INTRODUCTION, Talk

PAGES_AT_ONCE = 256
"""Pages that look on while an answer is written, or waits; how many are written, `ui.limits` says."""

MAX_WAITING = 128
"""Pages that may wait to look on; beyond it Gradio says that it is busy."""


def chat_page(
    library: Library, conversations: Conversations, *, limits: Limits | None = None, desk: Desk | None = None
) -> gr.Blocks:
    """The page's components and what happens on them; with a `desk`, the endpoints for programs too."""
    talk = Talk(library, conversations, limits or Limits())
    with gr.Blocks(title="Byline", analytics_enabled=False, fill_height=True, fill_width=True) as page:
        with gr.Row(elem_id="masthead"):
            gr.Markdown("# Byline", elem_id="name")
        with gr.Row(elem_id="desk"):
            gr.Column(elem_id="history")
            with gr.Column(elem_id="conversation"):
                chat = gr.Chatbot(
                    elem_id="chat",
                    label="Conversation",
                    show_label=False,
                    placeholder=INTRODUCTION,
                    layout="panel",
                    buttons=[],
                    latex_delimiters=[],
                    feedback_options=None,
                )
                question = gr.Textbox(
                    elem_id="question",
                    label="Your question",
                    show_label=False,
                    placeholder="Ask your articles",
                    max_lines=6,
                    autofocus=True,
                    **IDLE,
                )
            gr.Column(elem_id="source")
        # pressed by the scripts
        turned = gr.Button(elem_id="turned", visible="hidden")
        again = gr.Button(elem_id="again", visible="hidden")

        if desk is not None:
            gradio_endpoints(desk)

        # "multiple": while an answer is written in one conversation, another can be asked in.
        shown = {
            "outputs": [chat, question],
            "show_progress": "hidden",
            "trigger_mode": "multiple",
            "api_visibility": "private",
        }
        page.load(talk.show, None, **shown)
        turned.click(talk.show, None, **shown)
        again.click(talk.retry, None, **shown)
        question.submit(talk.ask, question, **shown)
        chat.example_select(talk.ask_example, None, **shown)
        question.stop(talk.stop, None, None, api_visibility="private")
    page.queue(default_concurrency_limit=PAGES_AT_ONCE, max_size=MAX_WAITING, api_open=False)
    return page
