-- What months of use leave behind, a row or two for every table the synthetic township leaves empty.
INSERT INTO accounts (username, display_name, password_hash, role, hazards, demo, must_change_password)
VALUES ('clerk', '示例经办人', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo', 'officer', '{flood,wildfire}', false, false),
       ('guide', '示例演示账号', NULL, 'viewer', '{}', true, false);
INSERT INTO known_clients (account_id, kind, subject, last_at)
SELECT id, 'place', '10.0.0.0/24', '2026-05-01 08:00+08' FROM accounts WHERE username = 'clerk';
INSERT INTO sessions (digest, account_id, csrf, created_at, last_seen_at, expires_at)
SELECT repeat('a', 64), id, repeat('c', 40), '2026-05-01 08:00+08', '2026-05-01 09:00+08', '2026-05-02 08:00+08'
FROM accounts WHERE username = 'clerk';
INSERT INTO failed_sign_ins VALUES ('account', 'clerk', 3, '2026-05-01 07:59+08');
INSERT INTO first_admin_links (digest, created_at, expires_at, used_at)
VALUES (repeat('b', 64), '2026-01-01 08:00+08', '2026-01-02 08:00+08', '2026-01-01 09:00+08');
INSERT INTO tokens (name, role, digest, expires_at, used_on)
VALUES ('nightly export', 'viewer', repeat('d', 64), '2027-01-01 00:00+08', '2026-05-01');
INSERT INTO check_counters VALUES (2026, 1);
INSERT INTO checks (year, ordinal, number, kind, actor, role, site_count, input_digest, input, verdict, borderline, edition,
                    edition_fingerprint, rulebook_version, rulebook_fingerprint, judged_on, software, result_digest)
SELECT 2026, 1, '2026-000001', 'single', 'clerk', 'officer', 1, encode(sha256(convert_to('{}', 'UTF8')), 'hex'), '{}',
       'prohibited', false, number, fingerprint, '1', repeat('e', 64), '2026-05-01', '0.1.0', repeat('f', 64)
FROM editions LIMIT 1;
INSERT INTO audit_days (day, entries, checks, previous, hash) VALUES ('2026-05-01', 3, 1, repeat('0', 64), repeat('1', 64));
INSERT INTO drafts (name, created_by) VALUES ('汛前复核', 'clerk');
INSERT INTO draft_zones (draft_id, op, hazard, product, grade, grade_rank, grade_scheme, digest, zone_id, layer_id, geom)
SELECT (SELECT max(id) FROM drafts), 'update', hazard, product, grade, grade_rank, grade_scheme, digest, zone_id, layer_id, geom
FROM zone_versions WHERE grade IS NOT NULL ORDER BY zone_id LIMIT 1;
INSERT INTO zone_lineage (parent_id, child_id, edition)
SELECT min(id), max(id), (SELECT min(number) FROM editions) FROM zones;
INSERT INTO guidance_baselines (name, reason, taken_at, taken_by, run_id, edition, rulebook_fingerprint, figures)
SELECT '2025 年底', '年度对照', '2026-01-01 08:00+08', 'clerk', id, edition, rulebook_fingerprint, '{"villages": []}'
FROM grading_runs LIMIT 1;
INSERT INTO unit_sets (name, file, unit_count, report, created_by) VALUES ('网格员片区', 'areas.gpkg', 1, '{}', 'clerk');
INSERT INTO unit_polygons (set_id, code, name, population, geom)
SELECT (SELECT max(id) FROM unit_sets), 'A-1', '一片区', 12, geom FROM villages ORDER BY id LIMIT 1;
INSERT INTO jobs (kind, state, progress, created_by, started_at, ended_at, heartbeat_at, payload, result, attempts)
VALUES ('check_sites', 'done', 1, 'clerk', '2026-05-01 08:00+08', '2026-05-01 08:01+08', '2026-05-01 08:01+08', '{"rows": 2}', '{"sites": 2}', 1);
INSERT INTO jobs (kind, state, created_by, payload) VALUES ('grade', 'waiting', 'clerk', '{"unit": "village"}');
INSERT INTO job_files (job_id, role, name, content) SELECT max(id), 'given', 'sites.geojson', '\x7b7d' FROM jobs;
INSERT INTO receipts (layers, file_name, file_size, sha256, declared, loaded, refused, provider, document_number, received_on, secrecy, imported_by)
VALUES ('{zones/flood}', 'flood.zip', 12345, repeat('9', 64), 10, 9, 1, '示例水务局', '示水函〔2026〕1号', '2026-04-01', 'internal', 'clerk');
INSERT INTO rulebook_proposals (created_by, reason, steps) VALUES ('clerk', '断层附近从严', '[{"article": "FLT-AVOID"}]');
INSERT INTO decisions (kind, number, life, state, version, authors, changed_by)
SELECT 'rulebook proposal', id, 'approval', 'open', 1, '{clerk}', 'clerk' FROM rulebook_proposals;
INSERT INTO decision_steps (decision_id, ordinal, step, state, taken_by, content)
SELECT d.id, 1, 'propose', 'open', 'clerk', jsonb_build_object('reason', p.reason, 'steps', p.steps, 'equal_to', p.equal_to)
FROM decisions d JOIN rulebook_proposals p ON p.id = d.number;
INSERT INTO check_answers (digest, answer) VALUES (encode(sha256(convert_to('{"verdict": "allowed"}', 'UTF8')), 'hex'), '{"verdict": "allowed"}');
INSERT INTO kept_papers (digest, check_number, imprint, printed_at, content)
SELECT encode(sha256('PDF'::bytea), 'hex'), number, '{}', '2026-05-01 09:00+08', 'PDF'::bytea FROM checks WHERE ordinal = 1;
INSERT INTO jobs (kind, state, created_by, payload, entry, occurs_at) VALUES ('back up', 'waiting', 'calendar', '{}', 'backup', '2026-05-02 02:00+08');
INSERT INTO jobs (kind, state, created_by, payload, entry, occurs_at, retry) VALUES ('back up', 'waiting', 'calendar', '{}', 'backup', '2026-05-02 02:00+08', 1);
INSERT INTO calendar_beginnings (entry, since) VALUES ('backup', '2026-05-01 08:00+08');
INSERT INTO hidden_danger_acts (danger_id, ordinal, kind, step, state, taken_by, comment, content)
SELECT danger_id, max(ordinal) + 1, 'notice', NULL, 'confirmed', 'calendar', NULL, '{"deadline": "2026-06-01"}'
FROM hidden_danger_acts GROUP BY danger_id ORDER BY danger_id LIMIT 1;
INSERT INTO closures (kind, share_left, on_foot, reason, reporter, opened_at, review_at, created_by, lifted_at, lifted_by, lift_reason, geom)
VALUES ('closed', NULL, true, '涵洞冲毁', '村支书', '2026-07-01 02:00+08', '2026-07-01 08:00+08', 'clerk', NULL, NULL, NULL,
        ST_GeomFromText('LINESTRING(99.8 39.3, 99.81 39.3)', 4490)),
       ('slowed', 0.5, false, '路面积水', '巡查员', '2026-07-01 03:00+08', '2026-07-01 09:00+08', 'clerk', '2026-07-01 07:00+08', 'clerk',
        '水已退去', ST_GeomFromText('POLYGON((99.8 39.3, 99.81 39.3, 99.81 39.31, 99.8 39.3))', 4490));
INSERT INTO incidents (kind, level, rescue_level, said, reported_by, reporter_phone, occurred_at, village, stake, landmark, wind_from, danger_m, danger, converted_from, created_by, closed_at, closed_by, outcome, geom)
VALUES ('fire', 'general', 'third', '柴草堆着火', '村民', '139-0000-0001', '2026-07-01 02:00+08', '小海子村', NULL, '村部东侧', NULL, NULL, ST_GeomFromText('POLYGON((99.79 39.29, 99.81 39.29, 99.81 39.31, 99.79 39.29))', 4490), NULL, 'clerk', NULL, NULL, NULL,
        ST_GeomFromText('POINT(99.8 39.3)', 4490)),
       ('hazmat_leak', NULL, NULL, '罐车泄漏', '司机', NULL, '2026-07-01 03:00+08', NULL, 'G312 K2601', NULL, 270, 300, NULL, 'gcj02', 'clerk', '2026-07-01 06:00+08', 'clerk', '已堵漏',
        ST_GeomFromText('POINT(99.81 39.31)', 4490));
INSERT INTO assignments (incident_id, force_id, authority, state, notified_at, answered_at, under_way_at, on_scene_at, recalled_at, assigned_by, ended_at)
SELECT i.id, f.id, 'request', CASE WHEN i.closed_at IS NULL THEN 'notified' ELSE 'recalled' END, i.occurred_at, i.occurred_at, i.occurred_at, i.occurred_at,
       i.closed_at, 'clerk', i.closed_at
FROM incidents i, (SELECT min(id) AS id FROM forces HAVING min(id) IS NOT NULL) f;
INSERT INTO dispatch_log (incident_id, assignment_id, act, state, occurred_at, taken_by, said, content)
SELECT incident_id, id, 'chosen', 'notified', notified_at, 'clerk', '就近', '{"shown": []}' FROM assignments;
INSERT INTO duty_shifts (begins_at, ends_at, leader, leader_phone, officer, officer_phone, matters, handed_by, handed_at, taken_by, taken_at, created_by)
VALUES ('2026-07-01 08:00+08', '2026-07-02 08:00+08', '张示范', '139-0000-0002', '李示范', '139-0000-0003', '封路一处待复核', 'clerk', '2026-07-01 08:00+08', 'other',
        '2026-07-01 08:05+08', 'clerk');
INSERT INTO village_contacts (village_code, role, name, contact_phone, satellite_phone, last_verified, synthetic)
VALUES ('SYN-620724102-01', 'party_secretary', '王示范', '139-0000-0004', '1749-0000-004', '2026-06-01', true);
INSERT INTO draft_edits (draft_id, number, version, op, reason, made_by, made_at)
SELECT max(id), 1, 2, 'split', '复核后分开', 'clerk', '2026-05-03 09:00+08' FROM drafts;
INSERT INTO draft_edit_zones (edit_id, zone_id, after, after_wkb)
SELECT e.id, z.zone_id, '{"change": "update", "version": 1, "layer": 1, "attributes": {}}', ST_AsBinary(z.geom)
FROM draft_edits e JOIN draft_zones z ON z.draft_id = e.draft_id;
INSERT INTO draft_lineage (edit_id, parent_id, child_id)
SELECT max(id), (SELECT min(id) FROM zones), (SELECT max(id) FROM zones) FROM draft_edits;
INSERT INTO decisions (kind, number, life, state, version, authors, changed_by)
SELECT 'zone draft', max(id), 'zone_draft', 'open', 1, '{clerk}', 'clerk' FROM drafts;
INSERT INTO decision_steps (decision_id, ordinal, step, state, taken_by, content)
SELECT id, 1, 'begin', 'open', 'clerk', '{"name": "汛前复核"}' FROM decisions WHERE kind = 'zone draft';
INSERT INTO village_contacts (village_code, role, name, retired_at, retired_by) VALUES ('SYN-620724102-01', 'village_official', '赵示范', '2026-07-01 08:00+08', 'clerk');
INSERT INTO zone_documents (hazard, product, kind, title, number, authority, level, announced_on, secrecy, created_by)
VALUES ('geological', 'hazard', 'approval', '关于区划调整的批复', '示政函〔2026〕9号', '示例县人民政府', 'county', '2026-05-02', 'internal', 'clerk');
INSERT INTO draft_documents (draft_id, document_id) SELECT max(d.id), max(z.id) FROM drafts d, zone_documents z;
INSERT INTO geohazard_sites (code, name, kind, state, recognised_by, recognised_on, households, people, contact_name, contact_phone, geom)
VALUES ('DZ-0001', '示例沟泥石流', 'debris_flow', 'monitored', '示自然资〔2025〕8号', '2025-06-01', 3, 11, '孙示范', '139-0000-0009',
        ST_GeomFromText('POINT(99.8 39.3)', 4490));
INSERT INTO geohazard_site_acts (site_id, ordinal, kind, step, state, taken_by, comment, content)
SELECT max(id), 1, 'patrol', NULL, 'monitored', 'clerk', '沟口无新增堆积', '{"day": "2026-05-01", "finding": "unchanged"}' FROM geohazard_sites;
INSERT INTO draft_presences (draft_id, account, zones, seen_at)
SELECT max(id), 'clerk', (SELECT array_agg(id) FROM (SELECT id FROM zones ORDER BY id LIMIT 2) AS two), '2026-05-03 09:05+08' FROM drafts;
INSERT INTO draft_papers (draft_id, name, media_type, sha256, content, signed_by, signed_on, kept_by)
SELECT max(id), 'sheet.pdf', 'application/pdf', repeat('8', 64), '\x255044462d', '示例镇长', '2026-05-04', 'clerk' FROM drafts;
INSERT INTO deputies (deputy, in_place_of, from_on, to_on, appointed_by) VALUES ('clerk', 'head', '2026-05-01', '2026-05-07', 'head');
INSERT INTO siting_reviews (office, year, ordinal, name, project_class, route, stage, check_number, verdict, silence_basis, geom)
SELECT '示例所', 2026, 1, '示例小学', 'K2', 'authorised', 'planning', min(number), 'restricted', '示函〔2026〕7号',
       ST_GeomFromText('POLYGON((99.8 39.3,99.801 39.3,99.801 39.301,99.8 39.3))', 4490) FROM checks;
INSERT INTO review_requests (review_id, department, ordinal, due_on) SELECT max(id), 'water', 1, '2026-05-20' FROM siting_reviews;
INSERT INTO review_opinions (review_id, department, opinion, conditions, signer, signed_on, document, entered_for, check_number, result_digest, given_by)
SELECT max(id), 'water', 'conditional', '{设防洪堤}', '周示范', '2026-05-12', '示水函〔2026〕2号', true, max(check_number), repeat('7', 64), 'clerk' FROM siting_reviews;
INSERT INTO review_conditions (review_id, department, wording, wording_en, carried_to)
SELECT max(id), 'water', '设防洪堤', '设防洪堤', 'construction' FROM siting_reviews;
INSERT INTO decisions (kind, number, life, state, version, authors, changed_by)
SELECT 'siting review', max(id), 'siting_review', 'open', 1, '{clerk}', 'clerk' FROM siting_reviews;
INSERT INTO decision_steps (decision_id, ordinal, step, state, taken_by, content)
SELECT id, 1, 'open', 'open', 'clerk', '{"stage": "planning"}' FROM decisions WHERE kind = 'siting review';
INSERT INTO draft_impacts (draft_id, digest, against, content, kept_at)
SELECT max(id), repeat('7', 64), 1, '{"changes": [], "impact": {}, "problems": []}', '2026-05-04 09:00+08' FROM drafts;
INSERT INTO review_withdrawals (edition, rulebook, told) SELECT max(number), repeat('7', 64), '{"cause": []}' FROM editions;
INSERT INTO review_notices (review_id, state, check_before, check_number, verdict_before, verdict, told, withdrawal_id)
SELECT (SELECT max(id) FROM siting_reviews), 'withdrawn', min(number), max(number), 'permitted', 'restricted', '{"cause": [], "lines": []}',
       (SELECT max(id) FROM review_withdrawals) FROM checks;
INSERT INTO review_documents (review_id, kind, number, department, dated, name, media_type, sha256, content, kept_by)
SELECT max(id), 'reply', '示水函〔2026〕2号', 'water', '2026-05-12', 'reply.pdf', 'application/pdf',
       encode(sha256('\x255044462d'), 'hex'), '\x255044462d', 'clerk' FROM siting_reviews;
INSERT INTO struck_review_documents (document_id, reason, struck_by) SELECT max(id), '传错了项目', 'clerk' FROM review_documents;
