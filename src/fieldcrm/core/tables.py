"""Every table of the program: importing this module fills `Base.metadata` and `record_tables()`."""

from fieldcrm.base.data import audit, drafts, looks, setting_table
from fieldcrm.core.callbacks import tables as callbacks
from fieldcrm.core.channels import tables as channels
from fieldcrm.core.clients import tables as clients
from fieldcrm.core.complaints import tables as complaints
from fieldcrm.core.contacts import tables as contacts
from fieldcrm.core.diary import tables as diary
from fieldcrm.core.goals import tables as goals
from fieldcrm.core.handouts import tables as handouts
from fieldcrm.core.people import tables as people
from fieldcrm.core.policies import tables as policies
from fieldcrm.core.sync import tables as sync
from fieldcrm.core.targets import tables as targets
from fieldcrm.core.tasks import tables as tasks
from fieldcrm.core.visits import tables as visits

__all__ = [
    "callbacks",
    "channels",
    "clients",
    "complaints",
    "contacts",
    "diary",
    "goals",
    "handouts",
    "people",
    "policies",
    "sync",
    "targets",
    "tasks",
    "visits",
]

OF_BASE = (audit, drafts, looks, setting_table)
