"""The demo book: invented clients, policies and weeks of work, dated around today, the same for the same seed."""

from fieldcrm.core.demo.filling import fill
from fieldcrm.core.demo.making import CLIENTS, NAME, PASSWORD, SEED, is_demo, is_open, make, make_office
from fieldcrm.core.demo.office import UNIT

__all__ = ["CLIENTS", "NAME", "PASSWORD", "SEED", "UNIT", "fill", "is_demo", "is_open", "make", "make_office"]
