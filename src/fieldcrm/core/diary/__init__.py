"""The work diary, one entry a day."""
