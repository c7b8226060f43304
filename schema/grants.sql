-- What each part of the house may do, account by account. Applied again whenever
-- this file or one of routines/ changes; t/schema/grants.tsv says the same in the
-- words of a test.
--
-- yj_apply@HOST and 'yj_apply' stand for the account that the config names as
-- db_user_apply, and so on; its host is 'localhost' when the config names a
-- db_socket and '%' when it names a db_host. Accounts are made locked and
-- without a password; `yuanjian-migrate accounts` gives them the passwords of
-- the secrets file and unlocks them.
--
-- A GRANT is run when the server does not have what it gives, and a right on this
-- database that no GRANT gives is taken away. Rights on other databases of the
-- server stay.
--
-- A statement with marks in braces is one for each form in forms/, see forms.c.
--
-- The account that migrates, yj_owner, is made by the database's administrator:
--     CREATE DATABASE yuanjian CHARACTER SET utf8mb4;
--     CREATE USER yj_owner@localhost IDENTIFIED BY '...';
--     GRANT ALL ON yuanjian.* TO yj_owner@localhost WITH GRANT OPTION;
--     GRANT CREATE USER ON *.* TO yj_owner@localhost;
-- With the binary log on, it also needs log_bin_trust_function_creators = 1.

-- The roles an account speaks for, see flow_speaks_for().
REPLACE INTO part_role (account, role) VALUES
	('yj_apply', 'applicant'),
	('yj_clerk', 'clerk'), ('yj_clerk', 'producer'), ('yj_clerk', 'accountant'),
	('yj_admin', 'admin'), ('yj_admin', 'auditor'),
	('yj_push',  'push'),
	('yj_cron',  'cron');
DELETE FROM part_role WHERE (account, role) NOT IN (
	('yj_apply', 'applicant'),
	('yj_clerk', 'clerk'), ('yj_clerk', 'producer'), ('yj_clerk', 'accountant'),
	('yj_admin', 'admin'), ('yj_admin', 'auditor'),
	('yj_push',  'push'),
	('yj_cron',  'cron'));

-- What an account may promise to the outside world by outbox_add(); effects of
-- transitions need no row here.
REPLACE INTO outbox_part (account, kind) VALUES
	('yj_apply', 'forms_mail'),
	('yj_cron',  'reminder'),
	('yj_cron',  'rejected'),
	('yj_cron',  'face_alarm'),
	('yj_cron',  'invoice'),
	('yj_cron',  'invoice_mail'),
	('yj_cron',  'invoice_red_mail'),
	('yj_cron',  'differences'),
	('yj_cron',  'notice_alarm');
DELETE FROM outbox_part WHERE (account, kind) NOT IN (
	('yj_apply', 'forms_mail'),
	('yj_cron',  'reminder'),
	('yj_cron',  'rejected'),
	('yj_cron',  'face_alarm'),
	('yj_cron',  'invoice'),
	('yj_cron',  'invoice_mail'),
	('yj_cron',  'invoice_red_mail'),
	('yj_cron',  'differences'),
	('yj_cron',  'notice_alarm'));

-- The applicant's pages: fill in, never decide; no staff, no outbox.
GRANT SELECT ON project         TO yj_apply@HOST;
GRANT SELECT ON package         TO yj_apply@HOST;
GRANT SELECT ON agreement_text  TO yj_apply@HOST;
GRANT SELECT ON region          TO yj_apply@HOST;
GRANT SELECT ON reason_text     TO yj_apply@HOST;
GRANT SELECT ON flow_state      TO yj_apply@HOST;
GRANT SELECT ON flow_transition TO yj_apply@HOST;
GRANT SELECT ON flow_form       TO yj_apply@HOST;
GRANT SELECT ON flow_event      TO yj_apply@HOST;
GRANT SELECT ON flow_open       TO yj_apply@HOST;
GRANT SELECT ON application_form TO yj_apply@HOST;
GRANT SELECT ON application     TO yj_apply@HOST;
GRANT SELECT ON event           TO yj_apply@HOST;
GRANT SELECT, INSERT, UPDATE (email) ON applicant TO yj_apply@HOST;
GRANT SELECT, INSERT ON forms_request TO yj_apply@HOST;
GRANT SELECT, INSERT, UPDATE (asked_at) ON forms_address TO yj_apply@HOST;
GRANT SELECT, INSERT, UPDATE (retired_at) ON address TO yj_apply@HOST;
GRANT SELECT, INSERT, DELETE, UPDATE (seen_at, idle_at) ON session TO yj_apply@HOST;
GRANT SELECT, INSERT, DELETE, UPDATE (used_at) ON login_state TO yj_apply@HOST;
GRANT SELECT, INSERT, UPDATE (agreement_text, sha256, accepted_at, consent_identity,
	consent_third_party, consent_face) ON agreement TO yj_apply@HOST;
GRANT SELECT, INSERT, UPDATE ({columns}complete, version, updated_at)
	ON `{table}` TO yj_apply@HOST;
GRANT UPDATE (price, price_fen, confirmed_at) ON `order` TO yj_apply@HOST;
GRANT SELECT, INSERT, UPDATE (page, removed_at) ON scan TO yj_apply@HOST;
GRANT SELECT, INSERT ON scan_image TO yj_apply@HOST;
GRANT SELECT, INSERT, UPDATE (tries, began_at) ON upload_try TO yj_apply@HOST;
GRANT SELECT, UPDATE (visits, seen_at) ON entry_source TO yj_apply@HOST;
GRANT SELECT, UPDATE (mended_at) ON reason TO yj_apply@HOST;
GRANT EXECUTE ON PROCEDURE flow_start   TO yj_apply@HOST;
GRANT EXECUTE ON PROCEDURE flow_advance TO yj_apply@HOST;
GRANT EXECUTE ON PROCEDURE outbox_add   TO yj_apply@HOST;
-- The card that asks for subscription notifications: signed with the ticket,
-- which is not the token.
GRANT SELECT (channel, kind, template_id) ON wechat_template TO yj_apply@HOST;
GRANT SELECT ON wechat_consent TO yj_apply@HOST;
GRANT EXECUTE ON PROCEDURE wechat_ticket TO yj_apply@HOST;

-- The clerks' pages: read, give reasons, decide; never write what was applied for.
GRANT SELECT ON project         TO yj_clerk@HOST;
GRANT SELECT ON package         TO yj_clerk@HOST;
GRANT SELECT ON agreement_text  TO yj_clerk@HOST;
GRANT SELECT ON region          TO yj_clerk@HOST;
GRANT SELECT ON reason_text     TO yj_clerk@HOST;
GRANT SELECT ON flow_state      TO yj_clerk@HOST;
GRANT SELECT ON flow_transition TO yj_clerk@HOST;
GRANT SELECT ON flow_form       TO yj_clerk@HOST;
GRANT SELECT ON flow_event      TO yj_clerk@HOST;
GRANT SELECT ON flow_open       TO yj_clerk@HOST;
GRANT SELECT ON application_form TO yj_clerk@HOST;
GRANT SELECT ON application     TO yj_clerk@HOST;
GRANT SELECT ON event           TO yj_clerk@HOST;
GRANT SELECT ON address         TO yj_clerk@HOST;
GRANT SELECT ON agreement       TO yj_clerk@HOST;
GRANT SELECT ON `{table}`       TO yj_clerk@HOST;
GRANT SELECT ON scan            TO yj_clerk@HOST;
GRANT SELECT ON scan_image      TO yj_clerk@HOST;
GRANT SELECT, INSERT ON reason  TO yj_clerk@HOST;
-- People log in and act by procedures alone; their passwords are read by nobody.
GRANT SELECT (id, login, name, role, is_active, created_at) ON staff TO yj_clerk@HOST;
GRANT SELECT ON staff_session   TO yj_clerk@HOST;
GRANT EXECUTE ON PROCEDURE staff_login_begin TO yj_clerk@HOST;
GRANT EXECUTE ON PROCEDURE staff_log_in  TO yj_clerk@HOST;
GRANT EXECUTE ON PROCEDURE staff_log_out TO yj_clerk@HOST;
GRANT EXECUTE ON PROCEDURE staff_touch   TO yj_clerk@HOST;
GRANT EXECUTE ON PROCEDURE flow_advance TO yj_clerk@HOST;

-- The admin's and auditor's pages: staff, projects and texts; no personal data.
GRANT SELECT, INSERT, UPDATE ON project     TO yj_admin@HOST;
GRANT SELECT, INSERT, UPDATE ON package     TO yj_admin@HOST;
GRANT SELECT, INSERT ON agreement_text      TO yj_admin@HOST;
GRANT SELECT, INSERT, UPDATE ON reason_text TO yj_admin@HOST;
GRANT SELECT (id, login, name, role, is_active, created_at) ON staff TO yj_admin@HOST;
GRANT SELECT ON staff_session   TO yj_admin@HOST;
GRANT EXECUTE ON PROCEDURE staff_touch  TO yj_admin@HOST;
GRANT EXECUTE ON PROCEDURE staff_add    TO yj_admin@HOST;
GRANT EXECUTE ON PROCEDURE staff_change TO yj_admin@HOST;
GRANT SELECT ON region          TO yj_admin@HOST;
GRANT SELECT ON flow_state      TO yj_admin@HOST;
GRANT SELECT ON flow_transition TO yj_admin@HOST;
GRANT SELECT ON flow            TO yj_admin@HOST;
GRANT SELECT ON flow_form       TO yj_admin@HOST;
GRANT SELECT ON flow_open       TO yj_admin@HOST;
GRANT SELECT ON application_form TO yj_admin@HOST;
GRANT SELECT ON part_role       TO yj_admin@HOST;
GRANT SELECT ON application     TO yj_admin@HOST;
GRANT SELECT ON event           TO yj_admin@HOST;
GRANT SELECT, INSERT ON entry_source TO yj_admin@HOST;
GRANT SELECT ON outbox          TO yj_admin@HOST;
GRANT SELECT ON outbox_act      TO yj_admin@HOST;
GRANT SELECT ON act             TO yj_admin@HOST;
GRANT SELECT ON job_fault       TO yj_admin@HOST;
GRANT EXECUTE ON PROCEDURE flow_advance  TO yj_admin@HOST;
GRANT EXECUTE ON PROCEDURE outbox_decide TO yj_admin@HOST;

-- What outside services call: finds the application, reports what happened.
GRANT SELECT (id, public_id, project, flow_version, state, version)
	ON application TO yj_push@HOST;
GRANT EXECUTE ON PROCEDURE flow_advance TO yj_push@HOST;

-- The official account answers who writes to it: state of one's own
-- applications, under the company's name.
GRANT SELECT (applicant, created_at) ON application TO yj_push@HOST;
GRANT SELECT (id, appid, openid)     ON applicant   TO yj_push@HOST;
GRANT SELECT (application, name)     ON company     TO yj_push@HOST;
GRANT SELECT (id, code, name, is_open) ON project   TO yj_push@HOST;
GRANT SELECT ON flow_state TO yj_push@HOST;
GRANT SELECT (message_key, received_at, answered_at), INSERT, UPDATE (answered_at), DELETE
	ON wechat_inbox TO yj_push@HOST;
GRANT INSERT ON wechat_report TO yj_push@HOST;
GRANT EXECUTE ON PROCEDURE wechat_undelivered TO yj_push@HOST;
GRANT SELECT (scene, project, source, scans), UPDATE (scans) ON wechat_qrcode TO yj_push@HOST;
GRANT SELECT (channel, template_id) ON wechat_template TO yj_push@HOST;
GRANT SELECT, INSERT, UPDATE (allowed, answered_at) ON wechat_consent TO yj_push@HOST;

-- The scheduled jobs: deadlines, the outbox, clearing away what has ended.
GRANT SELECT ON project         TO yj_cron@HOST;
GRANT SELECT ON package         TO yj_cron@HOST;
GRANT SELECT ON agreement_text  TO yj_cron@HOST;
GRANT SELECT ON flow_state      TO yj_cron@HOST;
GRANT SELECT ON flow_transition TO yj_cron@HOST;
GRANT SELECT ON flow_form       TO yj_cron@HOST;
GRANT SELECT ON application_form TO yj_cron@HOST;
GRANT SELECT ON application     TO yj_cron@HOST;
GRANT SELECT ON event           TO yj_cron@HOST;
GRANT SELECT, UPDATE (due_at, attempts, claimed_by, done_at, parked_at, error_class, error)
	ON outbox TO yj_cron@HOST;
GRANT SELECT, INSERT, UPDATE, DELETE ON job_fault TO yj_cron@HOST;
GRANT SELECT (token_hash, idle_at, ends_at), DELETE ON session TO yj_cron@HOST;
GRANT SELECT (state_hash, expires_at), DELETE ON login_state TO yj_cron@HOST;
GRANT SELECT (login_hash, tried_at), DELETE ON login_failure TO yj_cron@HOST;
GRANT SELECT (applicant, kind, began_at), DELETE ON upload_try TO yj_cron@HOST;
GRANT EXECUTE ON PROCEDURE flow_advance TO yj_cron@HOST;
GRANT EXECUTE ON PROCEDURE outbox_add   TO yj_cron@HOST;
-- … and what they tell an applicant: where to, about which company, for which
-- reasons. No column here holds a person's name or number.
GRANT SELECT (id, appid, openid, email) ON applicant TO yj_cron@HOST;
GRANT SELECT (application, name) ON company TO yj_cron@HOST;
GRANT SELECT (id, application, form, field, code, created_at, closed_at) ON reason TO yj_cron@HOST;
GRANT SELECT ON reason_text    TO yj_cron@HOST;
GRANT SELECT ON forms_request  TO yj_cron@HOST;

-- The account's token, messages and codes: the outbox sends, the admin sets up.
GRANT SELECT, INSERT, UPDATE ON service_token TO yj_cron@HOST;
GRANT SELECT ON wechat_template       TO yj_cron@HOST;
GRANT SELECT ON wechat_template_field TO yj_cron@HOST;
GRANT SELECT, INSERT ON wechat_message TO yj_cron@HOST;
GRANT SELECT ON wechat_report TO yj_cron@HOST;
GRANT SELECT, INSERT, UPDATE ON service_token TO yj_admin@HOST;
GRANT SELECT, UPDATE (allowed) ON wechat_consent TO yj_cron@HOST;
GRANT SELECT, INSERT, UPDATE, DELETE ON wechat_template       TO yj_admin@HOST;
GRANT SELECT, INSERT, UPDATE, DELETE ON wechat_template_field TO yj_admin@HOST;
GRANT SELECT ON wechat_message TO yj_admin@HOST;
GRANT SELECT ON wechat_report  TO yj_admin@HOST;
GRANT SELECT, INSERT ON wechat_qrcode TO yj_admin@HOST;

-- Money. The applicant's page makes an order at the confirmed price and may ask
-- for news of it; what came of it is booked by the jobs alone. A refund is
-- requested and decided by procedures, which know the second person.
GRANT SELECT ON package_offer TO yj_apply@HOST;
GRANT SELECT ON package_offer TO yj_clerk@HOST;
GRANT SELECT ON package_offer TO yj_admin@HOST;
GRANT SELECT ON package_offer TO yj_cron@HOST;
GRANT SELECT, INSERT ON package_price TO yj_admin@HOST;
GRANT SELECT, INSERT (application, out_trade_no, product, appid, mchid, amount_fen, created_at,
	expires_at, ask_at), UPDATE (ask_at) ON payment TO yj_apply@HOST;
GRANT SELECT (id, payment, application, amount_fen, state, requested_at, done_at)
	ON refund TO yj_apply@HOST;
GRANT SELECT ON payment    TO yj_clerk@HOST;
GRANT SELECT ON refund     TO yj_clerk@HOST;
GRANT SELECT ON refund_act TO yj_clerk@HOST;
GRANT SELECT ON act        TO yj_clerk@HOST;
GRANT SELECT ON act        TO yj_cron@HOST;
GRANT EXECUTE ON PROCEDURE refund_request TO yj_clerk@HOST;
GRANT EXECUTE ON PROCEDURE refund_decide  TO yj_clerk@HOST;
GRANT SELECT (id), INSERT (id, event_type, body, signed_at, nonce, signature, serial, received_at)
	ON wechatpay_notice TO yj_push@HOST;
GRANT SELECT, UPDATE (done_at, result) ON wechatpay_notice TO yj_cron@HOST;
GRANT SELECT, UPDATE (state, booked_as, transaction_id, paid_fen, currency, paid_at, booked_at,
	asks, ask_at) ON payment TO yj_cron@HOST;
GRANT SELECT, UPDATE (state, refund_id, done_at, asks, ask_at) ON refund TO yj_cron@HOST;
GRANT EXECUTE ON PROCEDURE refund_request TO yj_cron@HOST;
GRANT SELECT (application, package, invoice_title, invoice_tax_number, invoice_email, price_fen,
	confirmed_at) ON `order` TO yj_cron@HOST;

-- The identity check: the applicant begins and hands in, the jobs and clerks end it
-- and write of whom it was.
GRANT SELECT, INSERT (public_id, application, method, subject, begun_at),
	UPDATE (state, ended_at) ON identity_attempt TO yj_apply@HOST;
GRANT SELECT, INSERT (public_id, application, method, subject, begun_at),
	UPDATE (state, ended_at, name_index, id_number_index) ON identity_attempt TO yj_clerk@HOST;
GRANT SELECT, UPDATE (state, ended_at, name_index, id_number_index)
	ON identity_attempt TO yj_cron@HOST;
-- The applicant's account puts faces in and cannot get them out again.
GRANT SELECT ON face_consent_text TO yj_apply@HOST;
GRANT SELECT ON face_consent_text TO yj_clerk@HOST;
GRANT SELECT, INSERT (application, version, sha256, given_at), UPDATE (withdrawn_at)
	ON face_consent TO yj_apply@HOST;
GRANT SELECT ON face_consent TO yj_clerk@HOST;
GRANT SELECT ON face_consent TO yj_cron@HOST;
GRANT SELECT, INSERT (attempt, nonce, session_hash, actions, digits),
	UPDATE (revealed, expires_at, used_at) ON identity_challenge TO yj_apply@HOST;
GRANT SELECT (attempt, actions, digits, revealed, expires_at, used_at)
	ON identity_challenge TO yj_clerk@HOST;
GRANT SELECT (attempt, actions, revealed, expires_at, used_at)
	ON identity_challenge TO yj_cron@HOST;
GRANT SELECT, INSERT, UPDATE (at_ms) ON identity_step TO yj_apply@HOST;
GRANT SELECT ON identity_step TO yj_clerk@HOST;
GRANT SELECT ON identity_step TO yj_cron@HOST;
GRANT INSERT ON face_material TO yj_apply@HOST;
GRANT SELECT ON face_material TO yj_clerk@HOST;
GRANT SELECT, INSERT, DELETE ON face_material TO yj_cron@HOST;
GRANT SELECT (attempt, provider, outcome, verdict, url, created_at, done_at, ask_at),
	INSERT (attempt, provider, token, url, created_at, ask_at, give_up_at),
	UPDATE (ask_at) ON identity_evidence TO yj_apply@HOST;
GRANT SELECT (attempt, provider, outcome, verdict, codes, similarity, compared_with, text,
	created_at, done_at, asks, ask_at, give_up_at) ON identity_evidence TO yj_clerk@HOST;
GRANT SELECT (attempt, provider, outcome, verdict, token, created_at, done_at, asks, ask_at,
	give_up_at), UPDATE (provider, outcome, verdict, codes, similarity, compared_with, text,
	done_at, asks, ask_at) ON identity_evidence TO yj_cron@HOST;
-- Whom a service's answer must be about.
GRANT SELECT (application, name, id_number) ON agent     TO yj_cron@HOST;
GRANT SELECT (application, name, id_number) ON legal_rep TO yj_cron@HOST;

-- Faces are destroyed and counted by a job, people told apart by their blind index.
GRANT UPDATE (faces_gone_at) ON identity_attempt TO yj_cron@HOST;
GRANT SELECT (id_number_index) ON agent     TO yj_cron@HOST;
GRANT SELECT (id_number_index) ON legal_rep TO yj_cron@HOST;
GRANT SELECT, INSERT, UPDATE ON face_count TO yj_cron@HOST;
GRANT SELECT ON face_count TO yj_admin@HOST;

-- Billing and reconciliation. Invoices are issued by the jobs or entered by an accountant;
-- bills and differences are the jobs', clearing them is an accountant's.
GRANT SELECT, INSERT (application, payment, kind, of_invoice, order_no, amount_fen, tax_percent,
	tax_fen, net_fen, buyer_title, buyer_tax_number, provider, created_at),
	UPDATE (state, provider, serial, number, issued_at, failure) ON invoice TO yj_cron@HOST;
GRANT SELECT, INSERT ON invoice_pdf TO yj_cron@HOST;
GRANT SELECT, INSERT, UPDATE ON bill_day TO yj_cron@HOST;
GRANT SELECT, INSERT ON bill_row    TO yj_cron@HOST;
GRANT SELECT, INSERT ON difference  TO yj_cron@HOST;
GRANT SELECT ON difference_act      TO yj_cron@HOST;
GRANT EXECUTE ON PROCEDURE refund_after_red TO yj_cron@HOST;
GRANT SELECT ON invoice             TO yj_clerk@HOST;
GRANT SELECT, INSERT ON invoice_pdf TO yj_clerk@HOST;
GRANT SELECT ON invoice_act         TO yj_clerk@HOST;
GRANT SELECT ON bill_day            TO yj_clerk@HOST;
GRANT SELECT ON difference          TO yj_clerk@HOST;
GRANT SELECT ON difference_act      TO yj_clerk@HOST;
GRANT EXECUTE ON PROCEDURE invoice_decide   TO yj_clerk@HOST;
GRANT EXECUTE ON PROCEDURE difference_clear TO yj_clerk@HOST;
