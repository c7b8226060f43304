-- The desk's side of the identity check: coded reasons for what a clerk decides,
-- when faces were destroyed, and how many there are.

INSERT IGNORE INTO reason_text (code, type, ord, text) VALUES
  ('face-other',      'identity_refuse', 310, '录像里的人和身份证照片不像同一个人。请由本人办理，也可以带身份证原件到窗口核验。'),
  ('face-not-live',   'identity_refuse', 320, '录像像是翻拍的照片或视频。请由本人对着手机重新录制，也可以到窗口核验。'),
  ('face-steps',      'identity_refuse', 330, '没有按提示的顺序完成动作或读出数字。请看清提示，重新做一次。'),
  ('face-several',    'identity_refuse', 340, '录像里不止一个人。请由本人单独完成。'),
  ('face-dark',       'identity_repeat', 410, '画面太暗，看不清脸。请到光线充足的地方重新录制，这次不计入次数。'),
  ('face-blurred',    'identity_repeat', 420, '画面模糊或晃动。请拿稳手机重新录制，这次不计入次数。'),
  ('face-cut-off',    'identity_repeat', 430, '脸没有拍全。请把整张脸放进画面重新录制，这次不计入次数。'),
  ('face-covered',    'identity_repeat', 440, '脸被口罩、帽子或头发挡住。请取下后重新录制，这次不计入次数。'),
  ('face-no-sound',   'identity_repeat', 450, '听不清读出的数字。请在安静的地方大声重读，这次不计入次数。'),
  ('face-technical',  'identity_repeat', 460, '材料没有传完整，打不开。请重新做一次，这次不计入次数。'),
  ('not-eligible',    'reject', 510, '不符合本项目的申请条件。'),
  ('false-material',  'reject', 520, '提交的材料与核实的情况不符。'),
  ('company-closed',  'reject', 530, '单位已经注销、吊销或停业，不能办理。'),
  ('not-authorised',  'reject', 540, '经办人没有得到单位的授权。'),
  ('applied-already', 'reject', 550, '同一单位已有办理中或有效的证书，不能重复办理。'),
  ('by-other-way',    'reject', 560, '这类业务要到服务窗口办理，不能在网上办理。');

ALTER TABLE identity_attempt
  ADD faces_gone_at DATETIME(3) NULL COMMENT 'what was stored of the face was deleted',
  ADD KEY faces (faces_gone_at, method, id);

CREATE TABLE face_count (
  counted_on DATE NOT NULL PRIMARY KEY COMMENT 'day in China',
  counted_at DATETIME(3) NOT NULL,
  materials  INT UNSIGNED NOT NULL COMMENT 'pictures and films',
  persons    INT UNSIGNED NOT NULL COMMENT 'different people, by the blind index of their number'
) ENGINE=InnoDB COMMENT='faces stored, day by day: from 100000 persons on the law asks for filing';
