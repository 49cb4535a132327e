"""The Sync page: packages out and in, enrolment, the register."""
