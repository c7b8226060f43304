-- The state machine, one row a line. flow_advance() in procedures.sql reads it,
-- programs ask it which pages are open, t/flow tries every cell of it.
--
-- Applications keep the flow version they began with. A version that has been
-- released is not changed any more: copy its rows under the next number, change
-- those, and let new applications use it by project.flow_version.
-- To add an event: a row below. To add a guard: its name below and a branch in
-- flow_guard(). Rows with the same state, event and role need guards of which
-- at most one holds at a time.

START TRANSACTION;

DELETE FROM flow_transition WHERE flow_version = 1;
DELETE FROM flow_state WHERE flow_version = 1;

-- Where an application can be. waits_for: the role that must act, empty in an
-- end. The deadline runs from entering the state; past it, cron may expire,
-- escalate or end it.
INSERT INTO flow_state (flow_version, ord, state, waits_for, deadline_hours, label, next) VALUES
(1,  1, 'awaiting_agreement',       'applicant',  720, '待确认协议', '请阅读用户协议并同意，然后开始填写。'),
(1,  2, 'awaiting_company',         'applicant',  720, '填写企业信息', '请填写企业信息并上传营业执照原件照片，填过的内容会自动保存。'),
(1,  3, 'awaiting_legal_rep',       'applicant',  720, '填写法人代表信息', '请填写法人代表信息并上传身份证照片。'),
(1,  4, 'awaiting_agent',           'applicant',  720, '填写经办人信息', '请填写经办人信息，并上传盖章的身份证复印件、业务申请表和用户协议书。'),
(1,  5, 'awaiting_order',           'applicant',  720, '选择套餐', '请选择套餐和收货地址，核对后点“确认订单”提交。'),
(1,  6, 'awaiting_identity',        'applicant',  168, '待身份鉴别', '请完成身份鉴别：可以在手机上做，也可以到服务窗口办理，通过后自动进入下一步。'),
(1,  7, 'awaiting_identity_review', 'clerk',       48, '身份核验中', '工作人员正在核对您提交的身份鉴别材料，您不用操作，结果会马上通知您。'),
(1,  8, 'awaiting_payment',         'applicant',   72, '待付款', '请在期限内付款，付款后进入审核。'),
(1,  9, 'awaiting_review',          'clerk',       48, '待审核', '工作人员正在审核您的资料，您不用操作。审核结果会通过微信通知您。'),
(1, 10, 'awaiting_second_review',   'clerk',       24, '待复核', '资料已通过审核，正由另一位工作人员复核，您不用操作。'),
(1, 11, 'awaiting_correction',      'applicant',  720, '待修改', '资料有几处需要修改。请按下面列出的原因逐项修改，改完后点“重新提交”。'),
(1, 12, 'awaiting_production',      'producer',    48, '制证中', '资料已通过，正在制作数字证书，您不用操作。'),
(1, 13, 'awaiting_shipment',        'producer',    48, '待寄出', '数字证书已制作完成，即将由顺丰快递寄出。'),
(1, 14, 'awaiting_receipt',         'applicant',  360, '已寄出', '证书已寄出，请留意快递电话。收到后请检查并点“确认收货”。'),
(1, 15, 'completed',                '',          NULL, '已完成', '证书已送达，业务办理完毕。'),
(1, 16, 'awaiting_refund',          'cron',        72, '退款中', '正在把款项原路退回，一般 1 至 3 个工作日到账，您不用操作。'),
(1, 17, 'refunded',                 '',          NULL, '已退款', '款项已原路退回，申请已结束。如仍需办理，请重新申请。'),
(1, 18, 'cancelled',                '',          NULL, '已取消', '您已取消这份申请。如仍需办理，请重新申请。'),
(1, 19, 'rejected',                 '',          NULL, '未通过', '经审核，这份申请不符合办理条件，已经结束。有疑问请拨打客服电话。'),
(1, 20, 'expired',                  '',          NULL, '已过期', '超过期限没有完成，申请已自动结束。如仍需办理，请重新申请。');

-- What can happen. guard: empty means always. effect: the kind of the outbox
-- row, empty means none.
INSERT INTO flow_transition (flow_version, from_state, event, role, guard, to_state, effect) VALUES

-- the beginning (flow_start)
(1, '',                         'start',               'applicant', 'project_open',       'awaiting_agreement',       ''),
(1, 'awaiting_agreement',       'accept_agreement',    'applicant', 'agreement_accepted', 'awaiting_company',         ''),

-- the wizard: forwards when a form is complete, and back to any earlier form
(1, 'awaiting_company',         'save',                'applicant', '',                   'awaiting_company',         ''),
(1, 'awaiting_company',         'submit_company',      'applicant', 'company_complete',   'awaiting_legal_rep',       ''),
(1, 'awaiting_legal_rep',       'save',                'applicant', '',                   'awaiting_legal_rep',       ''),
(1, 'awaiting_legal_rep',       'submit_company',      'applicant', 'company_complete',   'awaiting_legal_rep',       ''),
(1, 'awaiting_legal_rep',       'submit_legal_rep',    'applicant', 'legal_rep_complete', 'awaiting_agent',           ''),
(1, 'awaiting_agent',           'save',                'applicant', '',                   'awaiting_agent',           ''),
(1, 'awaiting_agent',           'submit_company',      'applicant', 'company_complete',   'awaiting_agent',           ''),
(1, 'awaiting_agent',           'submit_legal_rep',    'applicant', 'legal_rep_complete', 'awaiting_agent',           ''),
(1, 'awaiting_agent',           'submit_agent',        'applicant', 'agent_complete',     'awaiting_order',           ''),
(1, 'awaiting_order',           'save',                'applicant', '',                   'awaiting_order',           ''),
(1, 'awaiting_order',           'submit_company',      'applicant', 'company_complete',   'awaiting_order',           ''),
(1, 'awaiting_order',           'submit_legal_rep',    'applicant', 'legal_rep_complete', 'awaiting_order',           ''),
(1, 'awaiting_order',           'submit_agent',        'applicant', 'agent_complete',     'awaiting_order',           ''),
(1, 'awaiting_order',           'submit_order',        'applicant', 'order_complete',     'awaiting_order',           ''),

-- the order is confirmed: on to what the project asks for first
(1, 'awaiting_order',           'confirm_order',       'applicant', 'ready_for_identity', 'awaiting_identity',        'order_confirmed'),
(1, 'awaiting_order',           'confirm_order',       'applicant', 'ready_for_payment',  'awaiting_payment',         'order_confirmed'),
(1, 'awaiting_order',           'confirm_order',       'applicant', 'ready_for_review',   'awaiting_review',          'order_confirmed'),

-- identity check: each try is an event; a service's answer is fetched by cron,
-- a recording is looked at by a clerk, and the counter is always open; an
-- application that comes back here for another person has been paid already
(1, 'awaiting_identity',        'start_identity',      'applicant', 'identity_try_left',  'awaiting_identity',        ''),
(1, 'awaiting_identity',        'choose_counter',      'applicant', '',                   'awaiting_identity',        ''),
(1, 'awaiting_identity',        'hand_in_identity',    'applicant', '',                   'awaiting_identity',        ''),
(1, 'awaiting_identity',        'identity_passed',     'cron',      'to_be_paid',         'awaiting_payment',         'identity_passed'),
(1, 'awaiting_identity',        'identity_passed',     'cron',      'nothing_to_pay',     'awaiting_review',          'identity_passed'),
(1, 'awaiting_identity',        'identity_unsure',     'cron',      '',                   'awaiting_identity_review', 'identity_unsure'),
(1, 'awaiting_identity',        'identity_failed',     'cron',      '',                   'awaiting_identity',        'identity_failed'),
(1, 'awaiting_identity',        'reveal',              'clerk',     '',                   'awaiting_identity',        ''),
(1, 'awaiting_identity',        'confirm_at_counter',  'clerk',     'to_be_paid',         'awaiting_payment',         'identity_accepted'),
(1, 'awaiting_identity',        'confirm_at_counter',  'clerk',     'nothing_to_pay',     'awaiting_review',          'identity_accepted'),
(1, 'awaiting_identity',        'withdraw_face',       'applicant', '',                   'awaiting_identity',        ''),
(1, 'awaiting_identity_review', 'withdraw_face',       'applicant', '',                   'awaiting_identity',        ''),
(1, 'awaiting_identity_review', 'accept_identity',     'clerk',     'to_be_paid',         'awaiting_payment',         'identity_accepted'),
(1, 'awaiting_identity_review', 'accept_identity',     'clerk',     'nothing_to_pay',     'awaiting_review',          'identity_accepted'),
(1, 'awaiting_identity_review', 'refuse_identity',     'clerk',     '',                   'awaiting_identity',        'identity_refused'),
(1, 'awaiting_identity_review', 'repeat_identity',     'clerk',     '',                   'awaiting_identity',        'identity_repeat'),
(1, 'awaiting_identity_review', 'reveal',              'clerk',     '',                   'awaiting_identity_review', ''),

-- payment; money that comes after the end goes back
(1, 'awaiting_payment',         'pay',                 'applicant', '',                   'awaiting_payment',         ''),
(1, 'awaiting_payment',         'paid',                'cron',      '',                   'awaiting_review',          'paid'),
(1, 'cancelled',                'paid',                'cron',      '',                   'awaiting_refund',          'refund'),
(1, 'expired',                  'paid',                'cron',      '',                   'awaiting_refund',          'refund'),

-- review and second review; approved is the person who passed the identity check
(1, 'awaiting_review',          'reveal',              'clerk',     '',                   'awaiting_review',          ''),
(1, 'awaiting_review',          'approve',             'clerk',     'proven_review_on',   'awaiting_second_review',   ''),
(1, 'awaiting_review',          'approve',             'clerk',     'proven_review_off',  'awaiting_production',      'approved'),
(1, 'awaiting_review',          'refuse',              'clerk',     'has_reasons',        'awaiting_correction',      'refused'),
(1, 'awaiting_second_review',   'reveal',              'clerk',     '',                   'awaiting_second_review',   ''),
(1, 'awaiting_second_review',   'confirm_approval',    'clerk',     'proven_other_clerk', 'awaiting_production',      'approved'),
(1, 'awaiting_second_review',   'return_to_review',    'clerk',     '',                   'awaiting_review',          ''),
(1, 'awaiting_second_review',   'refuse',              'clerk',     'has_reasons',        'awaiting_correction',      'refused'),
(1, 'awaiting_review',          'reject',              'clerk',     'unpaid',             'rejected',                 'rejected'),
(1, 'awaiting_review',          'reject',              'clerk',     'paid',               'awaiting_refund',          'refund'),
(1, 'awaiting_second_review',   'reject',              'clerk',     'unpaid',             'rejected',                 'rejected'),
(1, 'awaiting_second_review',   'reject',              'clerk',     'paid',               'awaiting_refund',          'refund'),

-- correction: what a reason names is mended, then back to review; to the identity
-- check when the application names another person than the one who passed it
(1, 'awaiting_correction',      'save',                'applicant', '',                   'awaiting_correction',      ''),
(1, 'awaiting_correction',      'submit_company',      'applicant', 'company_complete',   'awaiting_correction',      ''),
(1, 'awaiting_correction',      'submit_legal_rep',    'applicant', 'legal_rep_complete', 'awaiting_correction',      ''),
(1, 'awaiting_correction',      'submit_agent',        'applicant', 'agent_complete',     'awaiting_correction',      ''),
(1, 'awaiting_correction',      'submit_order',        'applicant', 'order_complete',     'awaiting_correction',      ''),
(1, 'awaiting_correction',      'resubmit',            'applicant', 'mended_proven',      'awaiting_review',          'resubmitted'),
(1, 'awaiting_correction',      'resubmit',            'applicant', 'mended_unproven',    'awaiting_identity',        'identity_again'),

-- production and courier
(1, 'awaiting_production',      'produce',             'producer',  '',                   'awaiting_shipment',        'produced'),
(1, 'awaiting_production',      'return_to_review',    'producer',  '',                   'awaiting_review',          ''),
(1, 'awaiting_shipment',        'ship',                'producer',  '',                   'awaiting_receipt',         'shipped'),
(1, 'awaiting_receipt',         'delivered',           'push',      '',                   'completed',                'completed'),
(1, 'awaiting_receipt',         'acknowledge_receipt', 'applicant', '',                   'completed',                'completed'),
(1, 'awaiting_receipt',         'assume_received',     'cron',      'overdue',            'completed',                'completed'),
(1, 'awaiting_receipt',         'parcel_returned',     'push',      '',                   'awaiting_shipment',        'parcel_returned'),

-- the applicant gives up; what is paid goes back
(1, 'awaiting_agreement',       'cancel',              'applicant', '',                   'cancelled',                ''),
(1, 'awaiting_company',         'cancel',              'applicant', '',                   'cancelled',                ''),
(1, 'awaiting_legal_rep',       'cancel',              'applicant', '',                   'cancelled',                ''),
(1, 'awaiting_agent',           'cancel',              'applicant', '',                   'cancelled',                ''),
(1, 'awaiting_order',           'cancel',              'applicant', '',                   'cancelled',                ''),
(1, 'awaiting_identity',        'cancel',              'applicant', 'unpaid',             'cancelled',                'cancelled'),
(1, 'awaiting_identity',        'cancel',              'applicant', 'paid',               'awaiting_refund',          'refund'),
(1, 'awaiting_identity_review', 'cancel',              'applicant', 'unpaid',             'cancelled',                'cancelled'),
(1, 'awaiting_identity_review', 'cancel',              'applicant', 'paid',               'awaiting_refund',          'refund'),
(1, 'awaiting_payment',         'cancel',              'applicant', '',                   'cancelled',                'cancelled'),
(1, 'awaiting_review',          'cancel',              'applicant', 'unpaid',             'cancelled',                'cancelled'),
(1, 'awaiting_review',          'cancel',              'applicant', 'paid',               'awaiting_refund',          'refund'),
(1, 'awaiting_second_review',   'cancel',              'applicant', 'unpaid',             'cancelled',                'cancelled'),
(1, 'awaiting_second_review',   'cancel',              'applicant', 'paid',               'awaiting_refund',          'refund'),
(1, 'awaiting_correction',      'cancel',              'applicant', 'unpaid',             'cancelled',                'cancelled'),
(1, 'awaiting_correction',      'cancel',              'applicant', 'paid',               'awaiting_refund',          'refund'),

-- the applicant let the deadline pass
(1, 'awaiting_agreement',       'expire',              'cron',      'overdue',            'expired',                  ''),
(1, 'awaiting_company',         'expire',              'cron',      'overdue',            'expired',                  'expired'),
(1, 'awaiting_legal_rep',       'expire',              'cron',      'overdue',            'expired',                  'expired'),
(1, 'awaiting_agent',           'expire',              'cron',      'overdue',            'expired',                  'expired'),
(1, 'awaiting_order',           'expire',              'cron',      'overdue',            'expired',                  'expired'),
(1, 'awaiting_identity',        'expire',              'cron',      'overdue_unpaid',     'expired',                  'expired'),
(1, 'awaiting_identity',        'expire',              'cron',      'overdue_paid',       'awaiting_refund',          'refund'),
(1, 'awaiting_payment',         'expire',              'cron',      'overdue',            'expired',                  'expired'),
(1, 'awaiting_correction',      'expire',              'cron',      'overdue_unpaid',     'expired',                  'expired'),
(1, 'awaiting_correction',      'expire',              'cron',      'overdue_paid',       'awaiting_refund',          'refund'),

-- we let it pass: somebody is told, and a new deadline runs
(1, 'awaiting_identity_review', 'escalate',            'cron',      'overdue',            'awaiting_identity_review', 'escalated'),
(1, 'awaiting_review',          'escalate',            'cron',      'overdue',            'awaiting_review',          'escalated'),
(1, 'awaiting_second_review',   'escalate',            'cron',      'overdue',            'awaiting_second_review',   'escalated'),
(1, 'awaiting_production',      'escalate',            'cron',      'overdue',            'awaiting_production',      'escalated'),
(1, 'awaiting_shipment',        'escalate',            'cron',      'overdue',            'awaiting_shipment',        'escalated'),
(1, 'awaiting_refund',          'escalate',            'cron',      'overdue',            'awaiting_refund',          'escalated'),

-- the money is back, all of it
(1, 'awaiting_refund',          'refunded',            'cron',      'money_back',         'refunded',                 'refunded');

COMMIT;
