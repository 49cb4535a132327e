"""Products and policies, with beneficiaries and claims."""
