"""fieldcrm: a field CRM for insurance account managers and the offices above them."""

__version__ = "0.1.0"
