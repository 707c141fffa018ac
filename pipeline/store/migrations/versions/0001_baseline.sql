-- The tables of the control store on 2026-11-30, frozen: what comes later is a revision of its own.
-- One statement begins at the start of a line; whatever a store already holds of this stays as it is.
create table if not exists account_edits (ledger_book varchar not null, account_code varchar not null,
    account_name varchar, category varchar not null, kind varchar not null, edited_at varchar not null,
    primary key (ledger_book, account_code));
create table if not exists aliases (alias_id integer not null, system varchar not null, kind varchar not null,
    external_code varchar not null, project_key varchar not null, valid_from varchar, edited_at varchar not null,
    primary key (alias_id));
create table if not exists audit (audit_id integer not null, at varchar not null, actor varchar not null,
    action varchar not null, subject varchar not null, details json not null, primary key (audit_id));
create table if not exists baselines (baseline_id integer not null, project_code varchar not null,
    source_system varchar not null, project_hint varchar, baseline varchar not null, name varchar not null,
    batch_id varchar not null, content_hash varchar not null, status varchar not null, is_active integer not null,
    frozen_at varchar, frozen_by varchar, reason text, change_id varchar, approved_by varchar, first_build varchar,
    met_at varchar not null, primary key (baseline_id));
create table if not exists batches (batch_id varchar not null, feed varchar not null, status varchar not null,
    file_name varchar not null, content_hash varchar not null, size_bytes integer not null,
    source_system varchar not null, project_hint varchar, mapping json not null, report json not null,
    rows_accepted integer not null, rows_quarantined integer not null, covers_projects json not null,
    covers_from varchar, covers_to varchar, is_full_snapshot integer not null, snapshot_scope varchar,
    exported_at varchar not null, landed_at varchar not null, landed_by varchar not null, mends_batch varchar,
    landed_hash varchar, primary key (batch_id));
create table if not exists closed_books (book_id integer not null, project_key varchar not null, closed_from varchar,
    closed_to varchar not null, closing_id integer not null, content_hash varchar not null, build_id varchar not null,
    kept_at varchar not null, primary key (book_id));
create table if not exists closings (closing_id integer not null, period varchar not null,
    project_key varchar not null, is_closed integer not null, person varchar not null, reason text,
    said_at varchar not null, primary key (closing_id));
create table if not exists facts (name varchar not null, value text not null, primary key (name));
create table if not exists loss_acceptances (acceptance_id integer not null, project_key varchar not null,
    kpi_key varchar not null, build_id varchar not null, loss_rows integer not null, loss_amount float not null,
    person varchar not null, reason text not null, accepted_at varchar not null, primary key (acceptance_id));
create table if not exists mapping_profiles (name varchar not null, feed varchar not null,
    header_fingerprint varchar not null, mapping json not null, options json not null, saved_at varchar not null,
    primary key (name));
create table if not exists project_settings (setting_id integer not null, project_key varchar not null,
    name varchar not null, value varchar, valid_from varchar, reason text not null, changed_by varchar not null,
    changed_at varchar not null, primary key (setting_id));
create table if not exists requests (request_id integer not null, asked_by varchar not null,
    asked_at varchar not null, taken_at varchar, primary key (request_id));
create table if not exists runs (run_id integer not null, kind varchar not null, asked_by varchar not null,
    started_at varchar not null, ended_at varchar, status varchar not null, build_id varchar, step varchar,
    steps json not null, failed_tests json not null, error text, process_id integer, primary key (run_id));
create table if not exists word_mappings (feed varchar not null, "column" varchar not null, word varchar not null,
    canonical varchar not null, edited_at varchar not null, primary key (feed, "column", word));
create table if not exists alert_events (event_id integer not null, alert_key varchar not null, at varchar not null,
    build_id varchar, data_date varchar, kind varchar not null, from_state varchar, to_state varchar,
    severity varchar, value float, level float, duration_days integer, actor varchar not null, text text,
    notifies integer not null, primary key (event_id));
create index if not exists ix_alert_events_alert_key on alert_events (alert_key);
create table if not exists alerts (alert_key varchar not null, kind varchar not null, name varchar not null,
    kpi_key varchar, grain varchar not null, project_key varchar not null, module varchar not null,
    phase varchar not null, site varchar not null, state varchar not null, severity varchar, machine json not null,
    data_date varchar not null, value float, level float, sentence json not null, cause json not null,
    since_on varchar, fired_at varchar, ended_at varchar, owner varchar, acknowledged_by varchar,
    acknowledged_reason text, acknowledged_on varchar, acknowledged_until varchar, snoozed_until varchar,
    escalated_on varchar, last_build varchar not null, primary key (alert_key));
create table if not exists evaluations (build_id varchar not null, evaluated_at varchar not null,
    cause varchar not null, signals integer not null, changes integer not null, problems json not null,
    primary key (build_id));
create table if not exists gate_conditions (condition_id integer not null, project_key varchar not null,
    name varchar not null, kind varchar not null, level float, is_off integer not null,
    is_applicable integer not null, reason text not null, approved_by varchar not null, changed_at varchar not null,
    primary key (condition_id));
create table if not exists gate_signatures (signature_id integer not null, project_key varchar not null,
    release varchar not null, name varchar not null, signed_by varchar not null, signed_at varchar not null,
    note text, withdrawn_at varchar, primary key (signature_id));
create table if not exists gate_verdicts (verdict_id integer not null, project_key varchar not null,
    release varchar not null, build_id varchar not null, build_hash varchar not null, verdict varchar not null,
    conditions json not null, asked_by varchar not null, at varchar not null, primary key (verdict_id));
create table if not exists gate_waivers (waiver_id integer not null, project_key varchar not null,
    release varchar not null, name varchar not null, approved_by varchar not null, reason text not null,
    expires_on varchar not null, granted_at varchar not null, withdrawn_at varchar, primary key (waiver_id));
create table if not exists notices (notice_id integer not null, recipient_id integer not null,
    build_id varchar not null, kind varchar not null, language varchar not null, subject text not null,
    body text not null, event_ids json not null, created_at varchar not null, read_at varchar,
    primary key (notice_id), unique (recipient_id, build_id, kind, event_ids));
create index if not exists ix_notices_recipient_id on notices (recipient_id);
create table if not exists outbox (outbox_id integer not null, notice_id integer not null, status varchar not null,
    attempts integer not null, attempted_at varchar, last_error json, next_attempt_at varchar, sent_at varchar,
    primary key (outbox_id), unique (notice_id));
create table if not exists recipients (recipient_id integer not null, name varchar not null,
    language varchar not null, role varchar not null, projects json not null, sites json not null,
    least_severity varchar not null, channel varchar not null, address json, is_active integer not null,
    edited_by varchar not null, edited_at varchar not null, primary key (recipient_id), unique (name));
create table if not exists rules (rule_id integer not null, kind varchar not null, name varchar not null,
    customer varchar not null, project_key varchar not null, module varchar not null, phase varchar not null,
    site varchar not null, is_portfolio integer not null, direction varchar, warning_at float, critical_at float,
    low_warning_at float, low_critical_at float, clear_at float, low_clear_at float, pending_dates integer not null,
    recovering_dates integer not null, escalate_after_dates integer not null, is_off integer not null,
    valid_from varchar not null, reason text not null, changed_by varchar not null, changed_at varchar not null,
    retired_at varchar, retired_by varchar, retired_reason text, primary key (rule_id));
