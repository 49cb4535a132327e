"""Complaints of the official form 客户投诉情况统计表, their steps and pauses."""

from fieldcrm.core.complaints.actions import (
    add_complaint_step,
    answer_complaint,
    change_complaint,
    close_complaint,
    pause_complaint,
    register_complaint,
    reopen_complaint,
    resume_complaint,
)
from fieldcrm.core.complaints.letter import AnswerLetter, answer_letter, letter_bytes
from fieldcrm.core.complaints.paper import blank_register, complaint_register
from fieldcrm.core.complaints.queries import (
    Case,
    ComplaintRow,
    Event,
    OpenComplaints,
    complaint_list,
    count_open,
    find_case,
    list_complaints_of,
    open_complaints,
    policies_of,
)
from fieldcrm.core.complaints.rules import Clock

__all__ = [
    "AnswerLetter",
    "Case",
    "Clock",
    "ComplaintRow",
    "Event",
    "OpenComplaints",
    "add_complaint_step",
    "answer_complaint",
    "answer_letter",
    "blank_register",
    "change_complaint",
    "close_complaint",
    "complaint_list",
    "complaint_register",
    "count_open",
    "find_case",
    "letter_bytes",
    "list_complaints_of",
    "open_complaints",
    "pause_complaint",
    "policies_of",
    "register_complaint",
    "reopen_complaint",
    "resume_complaint",
]
