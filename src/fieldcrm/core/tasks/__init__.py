"""Next steps: what to do, for whom, when; they feed Today, plans and queues."""

from fieldcrm.core.tasks.actions import add_step, answer_steps, close_step, snooze_step, take_back_entry

__all__ = ["add_step", "answer_steps", "close_step", "snooze_step", "take_back_entry"]
