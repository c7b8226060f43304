-- The reasons that a reviewer pins to a field or a scan, for every installation.
-- One that is there already stays as it is.

INSERT IGNORE INTO reason_text (code, type, ord, text) VALUES
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
  ('other',         'any',   200, '请按下面的说明修改。');
