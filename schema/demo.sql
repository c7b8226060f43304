-- The demo project: rows that `yuanjian-migrate load` may load again and again.

INSERT INTO project (code, name, flow_version, identity_check, payment, second_review,
		help_phone, other_channel, is_open, identity_methods, counter_place)
	VALUES ('gzgjj', '赣州市公积金管理中心 CA 项目', 1, TRUE, TRUE, FALSE,
		'0797-0000000', '请携带资料到赣州市公积金管理中心服务大厅的 CA 窗口办理', TRUE,
		'cloud,recorded,counter',
		'赣州市公积金管理中心服务大厅 CA 窗口，工作日 9:00 至 17:00，请带经办人身份证原件')
	ON DUPLICATE KEY UPDATE identity_check = VALUES(identity_check), payment = VALUES(payment),
		identity_methods = VALUES(identity_methods), counter_place = VALUES(counter_place),
		name = VALUES(name), help_phone = VALUES(help_phone),
		other_channel = VALUES(other_channel);

SET @project = (SELECT id FROM project WHERE code = 'gzgjj');

INSERT INTO package (project, code, title, description, years, on_sale) VALUES
	(@project, 'org-1y', '机构数字证书 1 年', '含 USB Key 一支，证书有效期 1 年，包邮', 1, TRUE),
	(@project, 'org-2y', '机构数字证书 2 年', '含 USB Key 一支，证书有效期 2 年，包邮', 2, TRUE),
	(@project, 'org-3y', '机构数字证书 3 年', '含 USB Key 一支，证书有效期 3 年，包邮', 3, TRUE)
	ON DUPLICATE KEY UPDATE title = VALUES(title), description = VALUES(description),
		years = VALUES(years), on_sale = VALUES(on_sale);
INSERT IGNORE INTO package_price (package, price_fen, valid_from)
	SELECT id, CASE years WHEN 1 THEN 20000 WHEN 2 THEN 36000 ELSE 48000 END, '2026-01-01 00:00:00'
	FROM package WHERE project = @project;

SET @body = '# 一、使用条件
本项目的数字证书发给在赣州市公积金管理中心办理业务的企业和机构，用来在网上确认单位身份、签署电子文件。申请时须由单位指定的经办人办理，所填信息和上传的材料必须真实、完整、有效。证书只能用于与申请单位相符的合法业务，不得转借、出租，也不得用于法律禁止的用途。

# 二、收费项目和标准
费用由证书服务费和 USB Key 介质费组成，按您所选套餐一次收取，价格以选择套餐页面显示的为准，下单后不再加收其他费用。制证之前取消业务的，已付款项原路退回；证书制作完成后，除因我们的差错外不退款。本业务只开电子发票。

# 三、资料的保存和使用
我们保存您提交的单位信息、法定代表人和经办人的身份信息、材料照片以及办理记录，只用于核实身份、签发和管理证书，以及履行法律规定的义务。身份证号码、手机号码、地址和材料照片加密存放，只有办理这笔业务的工作人员可以查看，每次查看完整号码都会留下记录。按照电子签名法的要求，这些资料在证书失效后至少保存五年，期满后删除。您可以查询、复制或更正自己的资料，也可以撤回单独同意；撤回之后，尚未办结的业务将无法继续。

# 四、责任范围
因我们没有按照公布的规则核实身份、签发或撤销证书而使您受到损失的，我们依法承担赔偿责任，除法律另有规定外，赔偿以公布的业务规则所写的限额为准。因提供虚假材料、没有妥善保管 USB Key 和密码、没有及时告知信息变化，或者因不可抗力造成的损失，我们不承担责任，但我们自己有过错的部分除外。

# 五、证书持有人的义务
请妥善保管 USB Key 和密码，不要交给无关的人。单位名称、统一社会信用代码、法定代表人或经办人发生变化，USB Key 遗失、损坏，或者怀疑密码泄露时，请立即告知我们，并停止使用、申请撤销证书。收到证书后请当场核对内容，发现有误请在收到之日起七日内提出。

# 六、身份的再次核实
首次申请、续期和撤销证书时，我们都会核实单位和经办人的身份，必要时会请您补充材料，或者通过权威登记信息和经办人本人确认。核实没有通过的，我们会说明原因，您可以改正后重新提交。如果不愿意采用刷脸方式，可以选择人工核验，效力相同。';

INSERT INTO agreement_text (project, version, title, body, sha256, published_at)
	VALUES (@project, '2026-1', '数字证书用户协议和办理须知', @body, UNHEX(SHA2(@body, 256)),
		'2026-01-01 00:00:00')
	ON DUPLICATE KEY UPDATE title = VALUES(title);

INSERT INTO reason_text (code, type, ord, text) VALUES
	('blurred',       'scan',  10, '照片模糊，看不清文字。请在光线充足的地方对准后重新拍一张。'),
	('cut-off',       'scan',  20, '照片没有拍全。请把四个角都放进画面再拍一张。'),
	('glare',         'scan',  30, '照片反光，有的字看不见。请换个角度、关掉闪光灯再拍一张。'),
	('wrong-paper',   'scan',  40, '上传的不是这一项要求的材料。请看“查看示例”后重新上传。'),
	('no-seal',       'scan',  50, '没有盖公章，或者公章不清楚。请盖上清晰的单位公章后重新拍照上传。'),
	('no-signature',  'scan',  60, '缺少签名。请由本人签名后重新拍照上传。'),
	('copy',          'scan',  70, '请上传原件的照片，不要用复印件或翻拍屏幕的照片。'),
	('expired-paper', 'scan',  80, '证件已经过了有效期。请上传仍在有效期内的证件。'),
	('page-missing',  'scan',  90, '缺页。请把每一页都拍照上传。'),
	('not-alike',     'field', 110, '填写的内容与上传的材料不一致。请对照材料改正。'),
	('not-company',   'field', 120, '单位名称与营业执照不一致。请按营业执照上的全称填写。'),
	('not-person',    'field', 130, '姓名或证件号码与身份证不一致。请按身份证填写。'),
	('unreachable',   'field', 140, '按这个号码联系不上。请填写能接通的号码。'),
	('address-vague', 'field', 150, '地址不够详细，快递无法送达。请写明街道、门牌号和楼层。'),
	('other',         'any',   200, '请按下面的说明修改。')
	ON DUPLICATE KEY UPDATE type = VALUES(type), ord = VALUES(ord), text = VALUES(text);

-- The account's templates, by notice; the sandbox takes any id of 43 characters.
INSERT IGNORE INTO wechat_template (channel, kind, template_id)
	SELECT c.channel, k.kind, RPAD(CONCAT('demo-', c.channel, '-', k.kind), 43, '0')
	FROM (SELECT 'template' AS channel UNION ALL SELECT 'subscription') c,
	(SELECT 'order_confirmed' AS kind UNION ALL SELECT 'refused' UNION ALL SELECT 'resubmitted'
		UNION ALL SELECT 'approved' UNION ALL SELECT 'produced' UNION ALL SELECT 'shipped'
		UNION ALL SELECT 'completed' UNION ALL SELECT 'cancelled' UNION ALL SELECT 'expired'
		UNION ALL SELECT 'identity_accepted' UNION ALL SELECT 'identity_refused'
		UNION ALL SELECT 'paid' UNION ALL SELECT 'refunded' UNION ALL SELECT 'identity_passed'
		UNION ALL SELECT 'parcel_returned' UNION ALL SELECT 'identity_unsure'
		UNION ALL SELECT 'reminder'
		UNION ALL SELECT 'rejected' UNION ALL SELECT 'identity_failed'
		UNION ALL SELECT 'identity_repeat' UNION ALL SELECT 'identity_again') k;
INSERT IGNORE INTO wechat_template_field (channel, kind, field, value)
	SELECT t.channel, t.kind, f.field, f.value FROM wechat_template t,
	(SELECT 'thing1' AS field, 'project' AS value UNION ALL SELECT 'thing2', 'company'
		UNION ALL SELECT 'phrase3', 'status' UNION ALL SELECT 'thing4', 'note'
		UNION ALL SELECT 'time5', 'time') f
	WHERE t.template_id LIKE 'demo-%';
INSERT IGNORE INTO wechat_template_field (channel, kind, field, value)
	SELECT channel, kind, 'character_string6', 'tracking' FROM wechat_template
	WHERE kind = 'shipped' AND template_id LIKE 'demo-%';
