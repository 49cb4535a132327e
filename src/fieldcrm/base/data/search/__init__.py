"""The search index in the database: own tokens, kept in FTS5 on SQLite and in a GIN index on PostgreSQL."""
