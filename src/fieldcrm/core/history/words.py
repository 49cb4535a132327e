"""What each operation is called: one table for the history, the undo bar and the command line."""

from __future__ import annotations

from fieldcrm.base.i18n import N_, gettext

ACTION_WORDS: dict[str, str] = {
    "found_book": N_("Book founded"),
    # clients and policies
    "add_client": N_("Client added"),
    "change_client": N_("Client changed"),
    "delete_client": N_("Client moved to the recycle bin"),
    "delete_clients": N_("Clients moved to the recycle bin"),
    "restore_records": N_("Brought back from the recycle bin"),
    "relate": N_("Relation added"),
    "unrelate": N_("Relation removed"),
    "add_policy": N_("Policy added"),
    "change_policy": N_("Policy changed"),
    "set_status": N_("Policy status changed"),
    "delete_policies": N_("Policies moved to the recycle bin"),
    "add_product": N_("Product added"),
    "grade_clients": N_("Clients graded"),
    "merge_clients": N_("Clients made one"),
    "tag_clients": N_("Clients tagged"),
    "apply_plan": N_("List imported"),
    "import_list": N_("List imported"),
    # the day
    "log_contact": N_("Contact logged"),
    "change_contact": N_("Contact corrected"),
    "delete_contact": N_("Entry deleted"),
    "record_contacts": N_("Contacts logged"),
    "record_callbacks": N_("Callbacks recorded"),
    "log_callback": N_("Callback logged"),
    "change_callback": N_("Callback corrected"),
    "add_step": N_("Next step added"),
    "close_step": N_("Next step done"),
    "snooze_step": N_("Next step snoozed"),
    "plan_visit": N_("Visit planned"),
    "plan_stop": N_("Visit planned"),
    "plan_visits": N_("Visits planned"),
    "change_visit": N_("Visit changed"),
    "move_visit": N_("Visit moved"),
    "cancel_visit": N_("Visit cancelled"),
    "finish_visit": N_("Visit finished"),
    "record_visits": N_("Visits recorded"),
    "plan_candidate": N_("Visit planned"),
    "propose_week": N_("Week proposed"),
    "edit_stop": N_("Visit changed"),
    "drop_visit": N_("Visit moved"),
    "finish_stop": N_("Visit finished"),
    "register_complaint": N_("Complaint registered"),
    "change_complaint": N_("Complaint changed"),
    "add_complaint_step": N_("Complaint step added"),
    "pause_complaint": N_("Complaint paused"),
    "resume_complaint": N_("Complaint resumed"),
    "answer_complaint": N_("Complaint answered"),
    "close_complaint": N_("Complaint closed"),
    "reopen_complaint": N_("Complaint reopened"),
    "save_diary": N_("Diary saved"),
    "countersign": N_("Diary countersigned"),
    # the book
    "change_me": N_("Own details changed"),
    "change_setting": N_("Setting changed"),
    "save_draft": N_("Draft kept"),
    "discard_draft": N_("Draft discarded"),
    "accept_grant": N_("Enrolment accepted"),
    "import_packages": N_("Packages imported"),
    "keep_values": N_("Own values kept at an import"),
    "resolve_conflict": N_("Conflict decided"),
    "resolve_as_suggested": N_("Conflicts decided as suggested"),
    "revoke_peer": N_("Computer revoked"),
    "import_opened": N_("Packages imported"),
}
"""Action name (as journalled) → msgid. An action that is missing here is read aloud from its name."""


def action_words(action: str) -> str:
    """What an operation is called, in the current language."""
    known = ACTION_WORDS.get(action)
    return gettext(known) if known else action.replace("_", " ")
