-- The state machine, one row a line. flow_advance() in routines/flow.sql reads it,
-- programs ask it which pages are open, t/flow tries every cell of it.
--
-- Applications keep the flow version they began with. A version that has been
-- released is not changed any more: copy its rows under the next number, change
-- those, and let new applications use it by project.flow_version.
-- To add an event: a row of flow_transition and its words in flow_event. To add a
-- form: its row in flow_form, its state, its words. To add a guard: its name below
-- and a branch in flow_guard(). Rows with the same state, event and role need
-- guards of which at most one holds at a time.

START TRANSACTION;

DELETE FROM flow_open;
DELETE FROM flow_transition;
DELETE FROM flow_form;
DELETE FROM flow_state;
DELETE FROM flow_event;
DELETE FROM flow;

-- The flows by code and version; flow_version is the number under which projects,
-- applications and the tables below know one.
INSERT INTO flow (flow_version, code, version) VALUES
(1, 'issue', 1),
(2, 'issue', 2);

-- Events in words, the same in every version; 'submit' by the form of its detail.
-- applicant: in the list on apply/status, empty: not the applicant's business;
-- staff: in the history of a case. An event that moves the application from one
-- state to another is shown; one that leaves the state as it is, where it says so.
INSERT INTO flow_event (event, form, applicant, staff, applicant_stays, staff_stays) VALUES
('start',               '',          '开始申请',                      '开始申请',              FALSE, FALSE),
('accept_agreement',    '',          '已同意用户协议',                '同意用户协议',          FALSE, FALSE),
('submit_company',      '',          '填完企业信息',                  '填完企业信息',          FALSE, FALSE),
('submit_legal_rep',    '',          '填完法人代表信息',              '填完法人代表信息',      FALSE, FALSE),
('submit_agent',        '',          '填完经办人信息',                '填完经办人信息',        FALSE, FALSE),
('submit_order',        '',          '',                              '选好套餐',              FALSE, FALSE),
('submit',              'company',   '填完企业信息',                  '填完企业信息',          FALSE, FALSE),
('submit',              'legal-rep', '填完法人代表信息',              '填完法人代表信息',      FALSE, FALSE),
('submit',              'agent',     '填完经办人信息',                '填完经办人信息',        FALSE, FALSE),
('submit',              'order',     '',                              '选好套餐',              FALSE, FALSE),
('confirm_order',       '',          '已确认订单，资料已提交',        '确认订单并提交',        FALSE, FALSE),
('resubmit',            '',          '修改后重新提交',                '修改后重新提交',        FALSE, FALSE),
('cancel',              '',          '您已取消申请',                  '取消申请',              FALSE, FALSE),
('acknowledge_receipt', '',          '您已确认收货',                  '确认收货',              FALSE, FALSE),
('approve',             '',          '审核通过',                      '审核通过',              FALSE, FALSE),
('refuse',              '',          '审核后退回修改',                '退回修改',              FALSE, FALSE),
('confirm_approval',    '',          '复核通过',                      '复核通过',              FALSE, FALSE),
('return_to_review',    '',          '退回重新审核',                  '退回审核',              FALSE, FALSE),
('accept_identity',     '',          '人工核验通过',                  '身份核验通过',          FALSE, FALSE),
('refuse_identity',     '',          '人工核验没有通过，请重新鉴别',  '身份核验未通过',        FALSE, FALSE),
('repeat_identity',     '',          '工作人员请您重新录制',          '请申请人重录',          FALSE, FALSE),
('confirm_at_counter',  '',          '窗口当面核验通过',              '窗口核验通过',          FALSE, FALSE),
('reject',              '',          '经审核，申请没有通过',          '不予通过，结束申请',    FALSE, FALSE),
('start_identity',      '',          '开始身份鉴别',                  '开始身份鉴别',          TRUE,  TRUE),
('hand_in_identity',    '',          '已提交身份鉴别材料',            '提交身份鉴别材料',      TRUE,  TRUE),
('withdraw_face',       '',          '您已撤回人脸信息的同意',        '撤回人脸信息的同意',    TRUE,  TRUE),
('identity_failed',     '',          '身份鉴别没有通过',              '身份鉴别未通过',        TRUE,  FALSE),
('pay',                 '',          '开始付款',                      '发起付款',              FALSE, FALSE),
('reveal',              '',          '',                              '查看完整信息',          FALSE, FALSE),
('produce',             '',          '证书制作完成',                  '制证完成',              FALSE, FALSE),
('ship',                '',          '证书已寄出',                    '寄出',                  FALSE, FALSE),
('identity_passed',     '',          '身份鉴别通过',                  '身份鉴别通过',          FALSE, FALSE),
('identity_unsure',     '',          '身份鉴别材料已转人工核对',      '身份鉴别转人工',        FALSE, FALSE),
('paid',                '',          '已付款',                        '已付款',                FALSE, FALSE),
('refunded',            '',          '款项已退回',                    '已退款',                FALSE, FALSE),
('delivered',           '',          '快递已签收',                    '快递已签收',            FALSE, FALSE),
('parcel_returned',     '',          '快递被退回，将重新寄出',        '快递退回',              FALSE, FALSE),
('expire',              '',          '超过期限，申请已结束',          '过期结束',              FALSE, FALSE),
('escalate',            '',          '',                              '超时提醒',              FALSE, FALSE),
('assume_received',     '',          '到期自动确认收货',              '视为已收货',            FALSE, FALSE);

-- The forms of an application in their order. event hands one in; state is where
-- that is its turn: then the form is asked for first.
INSERT INTO flow_form (flow_version, ord, form, state, event) VALUES
(1, 1, 'company',   'awaiting_company',   'submit_company'),
(1, 2, 'legal-rep', 'awaiting_legal_rep', 'submit_legal_rep'),
(1, 3, 'agent',     'awaiting_agent',     'submit_agent'),
(1, 4, 'order',     'awaiting_order',     'submit_order'),
(2, 1, 'company',   'awaiting_company',   'submit'),
(2, 2, 'legal-rep', 'awaiting_legal_rep', 'submit'),
(2, 3, 'agent',     'awaiting_agent',     'submit'),
(2, 4, 'order',     'awaiting_order',     'submit');

-- Where an application can be. waits_for: the role that must act, empty in an
-- end. The deadline runs from entering the state; past it, cron may expire,
-- escalate or end it. page: where the applicant goes on, empty where there is
-- nothing to do, and page_done instead once the state's form is complete; link:
-- what stands on a link to there. is_draft: begun, and not handed in so far.
INSERT INTO flow_state (flow_version, ord, state, waits_for, deadline_hours, page, page_done, link, is_draft, label, next) VALUES
(1,  1, 'awaiting_agreement',       'applicant',  720, 'apply/agreement',   '',              '继续填写', TRUE,  '待确认协议', '请阅读用户协议并同意，然后开始填写。'),
(1,  2, 'awaiting_company',         'applicant',  720, 'apply/company',     '',              '继续填写', TRUE,  '填写企业信息', '请填写企业信息并上传营业执照原件照片，填过的内容会自动保存。'),
(1,  3, 'awaiting_legal_rep',       'applicant',  720, 'apply/legal-rep',   '',              '继续填写', TRUE,  '填写法人代表信息', '请填写法人代表信息并上传身份证照片。'),
(1,  4, 'awaiting_agent',           'applicant',  720, 'apply/agent',       '',              '继续填写', TRUE,  '填写经办人信息', '请填写经办人信息，并上传盖章的身份证复印件、业务申请表和用户协议书。'),
(1,  5, 'awaiting_order',           'applicant',  720, 'apply/order',       'apply/confirm', '继续填写', TRUE,  '选择套餐', '请选择套餐和收货地址，核对后点“确认订单”提交。'),
(1,  6, 'awaiting_identity',        'applicant',  168, 'apply/identity',    '',              '去做身份鉴别', FALSE, '待身份鉴别', '请完成身份鉴别：可以在手机上做，也可以到服务窗口办理，通过后自动进入下一步。'),
(1,  7, 'awaiting_identity_review', 'clerk',       48, '',                  '',              '', FALSE, '身份核验中', '工作人员正在核对您提交的身份鉴别材料，您不用操作，结果会马上通知您。'),
(1,  8, 'awaiting_payment',         'applicant',   72, 'apply/payment',     '',              '去付款', FALSE, '待付款', '请在期限内付款，付款后进入审核。'),
(1,  9, 'awaiting_review',          'clerk',       48, '',                  '',              '', FALSE, '待审核', '工作人员正在审核您的资料，您不用操作。审核结果会通过微信通知您。'),
(1, 10, 'awaiting_second_review',   'clerk',       24, '',                  '',              '', FALSE, '待复核', '资料已通过审核，正由另一位工作人员复核，您不用操作。'),
(1, 11, 'awaiting_correction',      'applicant',  720, 'apply/status',      '',              '去修改', FALSE, '待修改', '资料有几处需要修改。请按下面列出的原因逐项修改，改完后点“重新提交”。'),
(1, 12, 'awaiting_production',      'producer',    48, '',                  '',              '', FALSE, '制证中', '资料已通过，正在制作数字证书，您不用操作。'),
(1, 13, 'awaiting_shipment',        'producer',    48, '',                  '',              '', FALSE, '待寄出', '数字证书已制作完成，即将由顺丰快递寄出。'),
(1, 14, 'awaiting_receipt',         'applicant',  360, '',                  '',              '', FALSE, '已寄出', '证书已寄出，请留意快递电话。收到后请检查并点“确认收货”。'),
(1, 15, 'completed',                '',          NULL, '',                  '',              '', FALSE, '已完成', '证书已送达，业务办理完毕。'),
(1, 16, 'awaiting_refund',          'cron',        72, '',                  '',              '', FALSE, '退款中', '正在把款项原路退回，一般 1 至 3 个工作日到账，您不用操作。'),
(1, 17, 'refunded',                 '',          NULL, '',                  '',              '', FALSE, '已退款', '款项已原路退回，申请已结束。如仍需办理，请重新申请。'),
(1, 18, 'cancelled',                '',          NULL, '',                  '',              '', FALSE, '已取消', '您已取消这份申请。如仍需办理，请重新申请。'),
(1, 19, 'rejected',                 '',          NULL, '',                  '',              '', FALSE, '未通过', '经审核，这份申请不符合办理条件，已经结束。有疑问请拨打客服电话。'),
(1, 20, 'expired',                  '',          NULL, '',                  '',              '', FALSE, '已过期', '超过期限没有完成，申请已自动结束。如仍需办理，请重新申请。'),
(2,  1, 'awaiting_agreement',       'applicant',  720, 'apply/agreement',   '',              '继续填写', TRUE,  '待确认协议', '请阅读用户协议并同意，然后开始填写。'),
(2,  2, 'awaiting_company',         'applicant',  720, 'apply/company',     '',              '继续填写', TRUE,  '填写企业信息', '请填写企业信息并上传营业执照原件照片，填过的内容会自动保存。'),
(2,  3, 'awaiting_legal_rep',       'applicant',  720, 'apply/legal-rep',   '',              '继续填写', TRUE,  '填写法人代表信息', '请填写法人代表信息并上传身份证照片。'),
(2,  4, 'awaiting_agent',           'applicant',  720, 'apply/agent',       '',              '继续填写', TRUE,  '填写经办人信息', '请填写经办人信息，并上传盖章的身份证复印件、业务申请表和用户协议书。'),
(2,  5, 'awaiting_order',           'applicant',  720, 'apply/order',       'apply/confirm', '继续填写', TRUE,  '选择套餐', '请选择套餐和收货地址，核对后点“确认订单”提交。'),
(2,  6, 'awaiting_identity',        'applicant',  168, 'apply/identity',    '',              '去做身份鉴别', FALSE, '待身份鉴别', '请完成身份鉴别：可以在手机上做，也可以到服务窗口办理，通过后自动进入下一步。'),
(2,  7, 'awaiting_identity_review', 'clerk',       48, '',                  '',              '', FALSE, '身份核验中', '工作人员正在核对您提交的身份鉴别材料，您不用操作，结果会马上通知您。'),
(2,  8, 'awaiting_payment',         'applicant',   72, 'apply/payment',     '',              '去付款', FALSE, '待付款', '请在期限内付款，付款后进入审核。'),
(2,  9, 'awaiting_review',          'clerk',       48, '',                  '',              '', FALSE, '待审核', '工作人员正在审核您的资料，您不用操作。审核结果会通过微信通知您。'),
(2, 10, 'awaiting_second_review',   'clerk',       24, '',                  '',              '', FALSE, '待复核', '资料已通过审核，正由另一位工作人员复核，您不用操作。'),
(2, 11, 'awaiting_correction',      'applicant',  720, 'apply/status',      '',              '去修改', FALSE, '待修改', '资料有几处需要修改。请按下面列出的原因逐项修改，改完后点“重新提交”。'),
(2, 12, 'awaiting_production',      'producer',    48, '',                  '',              '', FALSE, '制证中', '资料已通过，正在制作数字证书，您不用操作。'),
(2, 13, 'awaiting_shipment',        'producer',    48, '',                  '',              '', FALSE, '待寄出', '数字证书已制作完成，即将由顺丰快递寄出。'),
(2, 14, 'awaiting_receipt',         'applicant',  360, '',                  '',              '', FALSE, '已寄出', '证书已寄出，请留意快递电话。收到后请检查并点“确认收货”。'),
(2, 15, 'completed',                '',          NULL, '',                  '',              '', FALSE, '已完成', '证书已送达，业务办理完毕。'),
(2, 16, 'awaiting_refund',          'cron',        72, '',                  '',              '', FALSE, '退款中', '正在把款项原路退回，一般 1 至 3 个工作日到账，您不用操作。'),
(2, 17, 'refunded',                 '',          NULL, '',                  '',              '', FALSE, '已退款', '款项已原路退回，申请已结束。如仍需办理，请重新申请。'),
(2, 18, 'cancelled',                '',          NULL, '',                  '',              '', FALSE, '已取消', '您已取消这份申请。如仍需办理，请重新申请。'),
(2, 19, 'rejected',                 '',          NULL, '',                  '',              '', FALSE, '未通过', '经审核，这份申请不符合办理条件，已经结束。有疑问请拨打客服电话。'),
(2, 20, 'expired',                  '',          NULL, '',                  '',              '', FALSE, '已过期', '超过期限没有完成，申请已自动结束。如仍需办理，请重新申请。');

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
-- a recording is looked at by a clerk, and a check in person is always open; an
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
(1, 'awaiting_refund',          'refunded',            'cron',      'money_back',         'refunded',                 'refunded'),

-- ==== issue, version 2: one event hands in a form, whichever it is

-- the beginning (flow_start)
(2, '',                         'start',               'applicant', 'project_open',       'awaiting_agreement',       ''),
(2, 'awaiting_agreement',       'accept_agreement',    'applicant', 'agreement_accepted', 'awaiting_company',         ''),

-- the wizard: forwards when the form is complete whose turn it is; any form is saved
(2, 'awaiting_company',         'save',                'applicant', '',                   'awaiting_company',         ''),
(2, 'awaiting_company',         'submit',              'applicant', 'form_complete',      'awaiting_legal_rep',       ''),
(2, 'awaiting_legal_rep',       'save',                'applicant', '',                   'awaiting_legal_rep',       ''),
(2, 'awaiting_legal_rep',       'submit',              'applicant', 'form_complete',      'awaiting_agent',           ''),
(2, 'awaiting_agent',           'save',                'applicant', '',                   'awaiting_agent',           ''),
(2, 'awaiting_agent',           'submit',              'applicant', 'form_complete',      'awaiting_order',           ''),
(2, 'awaiting_order',           'save',                'applicant', '',                   'awaiting_order',           ''),
(2, 'awaiting_order',           'submit',              'applicant', 'form_complete',      'awaiting_order',           ''),

-- the order is confirmed: on to what the project asks for first
(2, 'awaiting_order',           'confirm_order',       'applicant', 'ready_for_identity', 'awaiting_identity',        'order_confirmed'),
(2, 'awaiting_order',           'confirm_order',       'applicant', 'ready_for_payment',  'awaiting_payment',         'order_confirmed'),
(2, 'awaiting_order',           'confirm_order',       'applicant', 'ready_for_review',   'awaiting_review',          'order_confirmed'),

-- identity check: each try is an event; a service's answer is fetched by cron,
-- a recording is looked at by a clerk, and a check in person is always open; an
-- application that comes back here for another person has been paid already
(2, 'awaiting_identity',        'start_identity',      'applicant', 'identity_try_left',  'awaiting_identity',        ''),
(2, 'awaiting_identity',        'choose_counter',      'applicant', '',                   'awaiting_identity',        ''),
(2, 'awaiting_identity',        'hand_in_identity',    'applicant', '',                   'awaiting_identity',        ''),
(2, 'awaiting_identity',        'identity_passed',     'cron',      'to_be_paid',         'awaiting_payment',         'identity_passed'),
(2, 'awaiting_identity',        'identity_passed',     'cron',      'nothing_to_pay',     'awaiting_review',          'identity_passed'),
(2, 'awaiting_identity',        'identity_unsure',     'cron',      '',                   'awaiting_identity_review', 'identity_unsure'),
(2, 'awaiting_identity',        'identity_failed',     'cron',      '',                   'awaiting_identity',        'identity_failed'),
(2, 'awaiting_identity',        'reveal',              'clerk',     '',                   'awaiting_identity',        ''),
(2, 'awaiting_identity',        'confirm_at_counter',  'clerk',     'to_be_paid',         'awaiting_payment',         'identity_accepted'),
(2, 'awaiting_identity',        'confirm_at_counter',  'clerk',     'nothing_to_pay',     'awaiting_review',          'identity_accepted'),
(2, 'awaiting_identity',        'withdraw_face',       'applicant', '',                   'awaiting_identity',        ''),
(2, 'awaiting_identity_review', 'withdraw_face',       'applicant', '',                   'awaiting_identity',        ''),
(2, 'awaiting_identity_review', 'accept_identity',     'clerk',     'to_be_paid',         'awaiting_payment',         'identity_accepted'),
(2, 'awaiting_identity_review', 'accept_identity',     'clerk',     'nothing_to_pay',     'awaiting_review',          'identity_accepted'),
(2, 'awaiting_identity_review', 'refuse_identity',     'clerk',     '',                   'awaiting_identity',        'identity_refused'),
(2, 'awaiting_identity_review', 'repeat_identity',     'clerk',     '',                   'awaiting_identity',        'identity_repeat'),
(2, 'awaiting_identity_review', 'reveal',              'clerk',     '',                   'awaiting_identity_review', ''),

-- payment; money that comes after the end goes back
(2, 'awaiting_payment',         'pay',                 'applicant', '',                   'awaiting_payment',         ''),
(2, 'awaiting_payment',         'paid',                'cron',      '',                   'awaiting_review',          'paid'),
(2, 'cancelled',                'paid',                'cron',      '',                   'awaiting_refund',          'refund'),
(2, 'expired',                  'paid',                'cron',      '',                   'awaiting_refund',          'refund'),

-- review and second review; approved is the person who passed the identity check
(2, 'awaiting_review',          'reveal',              'clerk',     '',                   'awaiting_review',          ''),
(2, 'awaiting_review',          'approve',             'clerk',     'proven_review_on',   'awaiting_second_review',   ''),
(2, 'awaiting_review',          'approve',             'clerk',     'proven_review_off',  'awaiting_production',      'approved'),
(2, 'awaiting_review',          'refuse',              'clerk',     'has_reasons',        'awaiting_correction',      'refused'),
(2, 'awaiting_second_review',   'reveal',              'clerk',     '',                   'awaiting_second_review',   ''),
(2, 'awaiting_second_review',   'confirm_approval',    'clerk',     'proven_other_clerk', 'awaiting_production',      'approved'),
(2, 'awaiting_second_review',   'return_to_review',    'clerk',     '',                   'awaiting_review',          ''),
(2, 'awaiting_second_review',   'refuse',              'clerk',     'has_reasons',        'awaiting_correction',      'refused'),
(2, 'awaiting_review',          'reject',              'clerk',     'unpaid',             'rejected',                 'rejected'),
(2, 'awaiting_review',          'reject',              'clerk',     'paid',               'awaiting_refund',          'refund'),
(2, 'awaiting_second_review',   'reject',              'clerk',     'unpaid',             'rejected',                 'rejected'),
(2, 'awaiting_second_review',   'reject',              'clerk',     'paid',               'awaiting_refund',          'refund'),

-- correction: what a reason names is mended, then back to review; to the identity
-- check when the application names another person than the one who passed it
(2, 'awaiting_correction',      'save',                'applicant', '',                   'awaiting_correction',      ''),
(2, 'awaiting_correction',      'resubmit',            'applicant', 'mended_proven',      'awaiting_review',          'resubmitted'),
(2, 'awaiting_correction',      'resubmit',            'applicant', 'mended_unproven',    'awaiting_identity',        'identity_again'),

-- production and courier
(2, 'awaiting_production',      'produce',             'producer',  '',                   'awaiting_shipment',        'produced'),
(2, 'awaiting_production',      'return_to_review',    'producer',  '',                   'awaiting_review',          ''),
(2, 'awaiting_shipment',        'ship',                'producer',  '',                   'awaiting_receipt',         'shipped'),
(2, 'awaiting_receipt',         'delivered',           'push',      '',                   'completed',                'completed'),
(2, 'awaiting_receipt',         'acknowledge_receipt', 'applicant', '',                   'completed',                'completed'),
(2, 'awaiting_receipt',         'assume_received',     'cron',      'overdue',            'completed',                'completed'),
(2, 'awaiting_receipt',         'parcel_returned',     'push',      '',                   'awaiting_shipment',        'parcel_returned'),

-- the applicant gives up; what is paid goes back
(2, 'awaiting_agreement',       'cancel',              'applicant', '',                   'cancelled',                ''),
(2, 'awaiting_company',         'cancel',              'applicant', '',                   'cancelled',                ''),
(2, 'awaiting_legal_rep',       'cancel',              'applicant', '',                   'cancelled',                ''),
(2, 'awaiting_agent',           'cancel',              'applicant', '',                   'cancelled',                ''),
(2, 'awaiting_order',           'cancel',              'applicant', '',                   'cancelled',                ''),
(2, 'awaiting_identity',        'cancel',              'applicant', 'unpaid',             'cancelled',                'cancelled'),
(2, 'awaiting_identity',        'cancel',              'applicant', 'paid',               'awaiting_refund',          'refund'),
(2, 'awaiting_identity_review', 'cancel',              'applicant', 'unpaid',             'cancelled',                'cancelled'),
(2, 'awaiting_identity_review', 'cancel',              'applicant', 'paid',               'awaiting_refund',          'refund'),
(2, 'awaiting_payment',         'cancel',              'applicant', '',                   'cancelled',                'cancelled'),
(2, 'awaiting_review',          'cancel',              'applicant', 'unpaid',             'cancelled',                'cancelled'),
(2, 'awaiting_review',          'cancel',              'applicant', 'paid',               'awaiting_refund',          'refund'),
(2, 'awaiting_second_review',   'cancel',              'applicant', 'unpaid',             'cancelled',                'cancelled'),
(2, 'awaiting_second_review',   'cancel',              'applicant', 'paid',               'awaiting_refund',          'refund'),
(2, 'awaiting_correction',      'cancel',              'applicant', 'unpaid',             'cancelled',                'cancelled'),
(2, 'awaiting_correction',      'cancel',              'applicant', 'paid',               'awaiting_refund',          'refund'),

-- the applicant let the deadline pass
(2, 'awaiting_agreement',       'expire',              'cron',      'overdue',            'expired',                  ''),
(2, 'awaiting_company',         'expire',              'cron',      'overdue',            'expired',                  'expired'),
(2, 'awaiting_legal_rep',       'expire',              'cron',      'overdue',            'expired',                  'expired'),
(2, 'awaiting_agent',           'expire',              'cron',      'overdue',            'expired',                  'expired'),
(2, 'awaiting_order',           'expire',              'cron',      'overdue',            'expired',                  'expired'),
(2, 'awaiting_identity',        'expire',              'cron',      'overdue_unpaid',     'expired',                  'expired'),
(2, 'awaiting_identity',        'expire',              'cron',      'overdue_paid',       'awaiting_refund',          'refund'),
(2, 'awaiting_payment',         'expire',              'cron',      'overdue',            'expired',                  'expired'),
(2, 'awaiting_correction',      'expire',              'cron',      'overdue_unpaid',     'expired',                  'expired'),
(2, 'awaiting_correction',      'expire',              'cron',      'overdue_paid',       'awaiting_refund',          'refund'),

-- we let it pass: somebody is told, and a new deadline runs
(2, 'awaiting_identity_review', 'escalate',            'cron',      'overdue',            'awaiting_identity_review', 'escalated'),
(2, 'awaiting_review',          'escalate',            'cron',      'overdue',            'awaiting_review',          'escalated'),
(2, 'awaiting_second_review',   'escalate',            'cron',      'overdue',            'awaiting_second_review',   'escalated'),
(2, 'awaiting_production',      'escalate',            'cron',      'overdue',            'awaiting_production',      'escalated'),
(2, 'awaiting_shipment',        'escalate',            'cron',      'overdue',            'awaiting_shipment',        'escalated'),
(2, 'awaiting_refund',          'escalate',            'cron',      'overdue',            'awaiting_refund',          'escalated'),

-- the money is back, all of it
(2, 'awaiting_refund',          'refunded',            'cron',      'money_back',         'refunded',                 'refunded');

-- What a role may cause in a state, whatever the guards say: of the rows above,
-- for the pages, which ask at every request.
INSERT INTO flow_open (flow_version, state, role, events)
	SELECT flow_version, from_state, role, GROUP_CONCAT(DISTINCT event ORDER BY event SEPARATOR ' ')
	FROM flow_transition GROUP BY flow_version, from_state, role;

COMMIT;
