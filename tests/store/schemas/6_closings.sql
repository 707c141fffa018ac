-- A control store of schema 6, as the code of e830612 made it when it held what finance closed.
CREATE TABLE account_edits (ledger_book VARCHAR NOT NULL, account_code VARCHAR NOT NULL, account_name VARCHAR,
    category VARCHAR NOT NULL, kind VARCHAR NOT NULL, edited_at VARCHAR NOT NULL, PRIMARY KEY (ledger_book,
    account_code));
CREATE TABLE alert_events (event_id INTEGER NOT NULL, alert_key VARCHAR NOT NULL, at VARCHAR NOT NULL, build_id
    VARCHAR, data_date VARCHAR, kind VARCHAR NOT NULL, from_state VARCHAR, to_state VARCHAR, severity VARCHAR, value
    FLOAT, level FLOAT, duration_days INTEGER, actor VARCHAR NOT NULL, text TEXT, notifies INTEGER NOT NULL, PRIMARY
    KEY (event_id));
CREATE TABLE alerts (alert_key VARCHAR NOT NULL, kind VARCHAR NOT NULL, name VARCHAR NOT NULL, kpi_key VARCHAR, grain
    VARCHAR NOT NULL, project_key VARCHAR NOT NULL, module VARCHAR NOT NULL, phase VARCHAR NOT NULL, site VARCHAR NOT
    NULL, state VARCHAR NOT NULL, severity VARCHAR, machine JSON NOT NULL, data_date VARCHAR NOT NULL, value FLOAT,
    level FLOAT, sentence JSON NOT NULL, cause JSON NOT NULL, since_on VARCHAR, fired_at VARCHAR, ended_at VARCHAR,
    owner VARCHAR, acknowledged_by VARCHAR, acknowledged_reason TEXT, acknowledged_on VARCHAR, acknowledged_until
    VARCHAR, snoozed_until VARCHAR, escalated_on VARCHAR, last_build VARCHAR NOT NULL, PRIMARY KEY (alert_key));
CREATE TABLE aliases (alias_id INTEGER NOT NULL, system VARCHAR NOT NULL, kind VARCHAR NOT NULL, external_code VARCHAR
    NOT NULL, project_key VARCHAR NOT NULL, valid_from VARCHAR, edited_at VARCHAR NOT NULL, PRIMARY KEY (alias_id));
CREATE TABLE audit (audit_id INTEGER NOT NULL, at VARCHAR NOT NULL, actor VARCHAR NOT NULL, action VARCHAR NOT NULL,
    subject VARCHAR NOT NULL, details JSON NOT NULL, PRIMARY KEY (audit_id));
CREATE TABLE baselines (baseline_id INTEGER NOT NULL, project_code VARCHAR NOT NULL, source_system VARCHAR NOT NULL,
    project_hint VARCHAR, baseline VARCHAR NOT NULL, name VARCHAR NOT NULL, batch_id VARCHAR NOT NULL, content_hash
    VARCHAR NOT NULL, status VARCHAR NOT NULL, is_active INTEGER NOT NULL, frozen_at VARCHAR, frozen_by VARCHAR,
    reason TEXT, change_id VARCHAR, approved_by VARCHAR, first_build VARCHAR, met_at VARCHAR NOT NULL, PRIMARY KEY
    (baseline_id));
CREATE TABLE batches (batch_id VARCHAR NOT NULL, feed VARCHAR NOT NULL, status VARCHAR NOT NULL, file_name VARCHAR NOT
    NULL, content_hash VARCHAR NOT NULL, size_bytes INTEGER NOT NULL, source_system VARCHAR NOT NULL, project_hint
    VARCHAR, mapping JSON NOT NULL, report JSON NOT NULL, rows_accepted INTEGER NOT NULL, rows_quarantined INTEGER NOT
    NULL, covers_projects JSON NOT NULL, covers_from VARCHAR, covers_to VARCHAR, is_full_snapshot INTEGER NOT NULL,
    snapshot_scope VARCHAR, exported_at VARCHAR NOT NULL, landed_at VARCHAR NOT NULL, landed_by VARCHAR NOT NULL,
    mends_batch VARCHAR, landed_hash VARCHAR, PRIMARY KEY (batch_id));
CREATE TABLE closings (closing_id INTEGER NOT NULL, period VARCHAR NOT NULL, project_key VARCHAR NOT NULL, is_closed
    INTEGER NOT NULL, person VARCHAR NOT NULL, reason TEXT, said_at VARCHAR NOT NULL, PRIMARY KEY (closing_id));
CREATE TABLE evaluations (build_id VARCHAR NOT NULL, evaluated_at VARCHAR NOT NULL, cause VARCHAR NOT NULL, signals
    INTEGER NOT NULL, changes INTEGER NOT NULL, problems JSON NOT NULL, PRIMARY KEY (build_id));
CREATE TABLE facts (name VARCHAR NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name));
CREATE TABLE gate_conditions (condition_id INTEGER NOT NULL, project_key VARCHAR NOT NULL, name VARCHAR NOT NULL, kind
    VARCHAR NOT NULL, level FLOAT, is_off INTEGER NOT NULL, is_applicable INTEGER NOT NULL, reason TEXT NOT NULL,
    approved_by VARCHAR NOT NULL, changed_at VARCHAR NOT NULL, PRIMARY KEY (condition_id));
CREATE TABLE gate_signatures (signature_id INTEGER NOT NULL, project_key VARCHAR NOT NULL, release VARCHAR NOT NULL,
    name VARCHAR NOT NULL, signed_by VARCHAR NOT NULL, signed_at VARCHAR NOT NULL, note TEXT, withdrawn_at VARCHAR,
    PRIMARY KEY (signature_id));
CREATE TABLE gate_verdicts (verdict_id INTEGER NOT NULL, project_key VARCHAR NOT NULL, release VARCHAR NOT NULL,
    build_id VARCHAR NOT NULL, build_hash VARCHAR NOT NULL, verdict VARCHAR NOT NULL, conditions JSON NOT NULL,
    asked_by VARCHAR NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (verdict_id));
CREATE TABLE gate_waivers (waiver_id INTEGER NOT NULL, project_key VARCHAR NOT NULL, release VARCHAR NOT NULL, name
    VARCHAR NOT NULL, approved_by VARCHAR NOT NULL, reason TEXT NOT NULL, expires_on VARCHAR NOT NULL, granted_at
    VARCHAR NOT NULL, withdrawn_at VARCHAR, PRIMARY KEY (waiver_id));
CREATE TABLE mapping_profiles (name VARCHAR NOT NULL, feed VARCHAR NOT NULL, header_fingerprint VARCHAR NOT NULL,
    mapping JSON NOT NULL, options JSON NOT NULL, saved_at VARCHAR NOT NULL, PRIMARY KEY (name));
CREATE TABLE notices (notice_id INTEGER NOT NULL, recipient_id INTEGER NOT NULL, build_id VARCHAR NOT NULL, kind
    VARCHAR NOT NULL, language VARCHAR NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, event_ids JSON NOT NULL,
    created_at VARCHAR NOT NULL, read_at VARCHAR, PRIMARY KEY (notice_id), UNIQUE (recipient_id, build_id, kind,
    event_ids));
CREATE TABLE outbox (outbox_id INTEGER NOT NULL, notice_id INTEGER NOT NULL, status VARCHAR NOT NULL, attempts INTEGER
    NOT NULL, attempted_at VARCHAR, last_error JSON, next_attempt_at VARCHAR, sent_at VARCHAR, PRIMARY KEY
    (outbox_id), UNIQUE (notice_id));
CREATE TABLE project_settings (setting_id INTEGER NOT NULL, project_key VARCHAR NOT NULL, name VARCHAR NOT NULL, value
    VARCHAR, reason TEXT NOT NULL, changed_by VARCHAR NOT NULL, changed_at VARCHAR NOT NULL, PRIMARY KEY
    (setting_id));
CREATE TABLE recipients (recipient_id INTEGER NOT NULL, name VARCHAR NOT NULL, language VARCHAR NOT NULL, role VARCHAR
    NOT NULL, projects JSON NOT NULL, sites JSON NOT NULL, least_severity VARCHAR NOT NULL, channel VARCHAR NOT NULL,
    address JSON, is_active INTEGER NOT NULL, edited_by VARCHAR NOT NULL, edited_at VARCHAR NOT NULL, PRIMARY KEY
    (recipient_id), UNIQUE (name));
CREATE TABLE requests (request_id INTEGER NOT NULL, asked_by VARCHAR NOT NULL, asked_at VARCHAR NOT NULL, taken_at
    VARCHAR, PRIMARY KEY (request_id));
CREATE TABLE rules (rule_id INTEGER NOT NULL, kind VARCHAR NOT NULL, name VARCHAR NOT NULL, customer VARCHAR NOT NULL,
    project_key VARCHAR NOT NULL, module VARCHAR NOT NULL, phase VARCHAR NOT NULL, site VARCHAR NOT NULL, is_portfolio
    INTEGER NOT NULL, direction VARCHAR, warning_at FLOAT, critical_at FLOAT, low_warning_at FLOAT, low_critical_at
    FLOAT, clear_at FLOAT, low_clear_at FLOAT, pending_dates INTEGER NOT NULL, recovering_dates INTEGER NOT NULL,
    escalate_after_dates INTEGER NOT NULL, is_off INTEGER NOT NULL, valid_from VARCHAR NOT NULL, reason TEXT NOT NULL,
    changed_by VARCHAR NOT NULL, changed_at VARCHAR NOT NULL, retired_at VARCHAR, retired_by VARCHAR, retired_reason
    TEXT, PRIMARY KEY (rule_id));
CREATE TABLE runs (run_id INTEGER NOT NULL, kind VARCHAR NOT NULL, asked_by VARCHAR NOT NULL, started_at VARCHAR NOT
    NULL, ended_at VARCHAR, status VARCHAR NOT NULL, build_id VARCHAR, step VARCHAR, steps JSON NOT NULL, failed_tests
    JSON NOT NULL, error TEXT, process_id INTEGER, PRIMARY KEY (run_id));
CREATE TABLE word_mappings (feed VARCHAR NOT NULL, "column" VARCHAR NOT NULL, word VARCHAR NOT NULL, canonical VARCHAR
    NOT NULL, edited_at VARCHAR NOT NULL, PRIMARY KEY (feed, "column", word));
CREATE INDEX ix_alert_events_alert_key ON alert_events (alert_key);
CREATE INDEX ix_notices_recipient_id ON notices (recipient_id);
PRAGMA user_version = 6;
