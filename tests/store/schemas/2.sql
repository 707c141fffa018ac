-- A control store of schema 2, as the code of b91db4a made it.
CREATE TABLE account_edits (ledger_book VARCHAR NOT NULL, account_code VARCHAR NOT NULL, account_name VARCHAR,
    category VARCHAR NOT NULL, kind VARCHAR NOT NULL, edited_at VARCHAR NOT NULL, PRIMARY KEY (ledger_book,
    account_code));
CREATE TABLE aliases (alias_id INTEGER NOT NULL, system VARCHAR NOT NULL, kind VARCHAR NOT NULL, external_code VARCHAR
    NOT NULL, project_key VARCHAR NOT NULL, valid_from VARCHAR, edited_at VARCHAR NOT NULL, PRIMARY KEY (alias_id));
CREATE TABLE audit (audit_id INTEGER NOT NULL, at VARCHAR NOT NULL, actor VARCHAR NOT NULL, action VARCHAR NOT NULL,
    subject VARCHAR NOT NULL, details JSON NOT NULL, PRIMARY KEY (audit_id));
CREATE TABLE batches (batch_id VARCHAR NOT NULL, feed VARCHAR NOT NULL, status VARCHAR NOT NULL, file_name VARCHAR NOT
    NULL, content_hash VARCHAR NOT NULL, size_bytes INTEGER NOT NULL, source_system VARCHAR NOT NULL, project_hint
    VARCHAR, mapping JSON NOT NULL, report JSON NOT NULL, rows_accepted INTEGER NOT NULL, rows_quarantined INTEGER NOT
    NULL, covers_projects JSON NOT NULL, covers_from VARCHAR, covers_to VARCHAR, is_full_snapshot INTEGER NOT NULL,
    snapshot_scope VARCHAR, exported_at VARCHAR NOT NULL, landed_at VARCHAR NOT NULL, landed_by VARCHAR NOT NULL,
    PRIMARY KEY (batch_id));
CREATE TABLE facts (name VARCHAR NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name));
CREATE TABLE mapping_profiles (name VARCHAR NOT NULL, feed VARCHAR NOT NULL, header_fingerprint VARCHAR NOT NULL,
    mapping JSON NOT NULL, options JSON NOT NULL, saved_at VARCHAR NOT NULL, PRIMARY KEY (name));
CREATE TABLE requests (request_id INTEGER NOT NULL, asked_by VARCHAR NOT NULL, asked_at VARCHAR NOT NULL, taken_at
    VARCHAR, PRIMARY KEY (request_id));
CREATE TABLE runs (run_id INTEGER NOT NULL, kind VARCHAR NOT NULL, asked_by VARCHAR NOT NULL, started_at VARCHAR NOT
    NULL, ended_at VARCHAR, status VARCHAR NOT NULL, build_id VARCHAR, step VARCHAR, steps JSON NOT NULL, failed_tests
    JSON NOT NULL, error TEXT, process_id INTEGER, PRIMARY KEY (run_id));
CREATE TABLE thresholds (kpi_key VARCHAR NOT NULL, project_key VARCHAR NOT NULL, warning_at FLOAT, critical_at FLOAT,
    reason TEXT, edited_at VARCHAR NOT NULL, PRIMARY KEY (kpi_key, project_key));
CREATE TABLE word_mappings (feed VARCHAR NOT NULL, "column" VARCHAR NOT NULL, word VARCHAR NOT NULL, canonical VARCHAR
    NOT NULL, edited_at VARCHAR NOT NULL, PRIMARY KEY (feed, "column", word));
PRAGMA user_version = 2;
