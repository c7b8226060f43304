#!/usr/bin/php-cgi
<?php
// page.php: the same page in PHP, for php-cgi and php-fpm.
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
preg_match('/\byj=([0-9a-f]{64})/', $_SERVER['HTTP_COOKIE'] ?? '', $cookie);
$db = new mysqli('localhost', 'yj_apply', $_SERVER['BENCH_PASSWORD'], 'yuanjian', 0, $_SERVER['BENCH_SOCKET']);
$query = $db->prepare('SELECT subject FROM session WHERE token_hash = ?
	AND idle_at > UTC_TIMESTAMP(3) AND ends_at > UTC_TIMESTAMP(3)');
$query->execute([hash('sha256', hex2bin($cookie[1]), true)]);
$session = $query->get_result()->fetch_assoc() or die('no session');
$query = $db->prepare('SELECT a.state, a.version, c.name, c.region, c.uscc
	FROM application a LEFT JOIN company c ON c.application = a.id
	WHERE a.public_id = ? AND a.applicant = ?');
$query->execute([$_GET['application'], $session['subject']]);
$row = $query->get_result()->fetch_assoc() or die('no application');
header('Cache-Control: no-store');
?>
<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"/>
<link rel="stylesheet" href="/static/css/yuanjian.css"/><title>form</title></head><body>
<form method="post" enctype="multipart/form-data">
<?php for ($i = 1; $i <= 12; $i++): $value = htmlspecialchars($row[['name', 'region', 'uscc'][$i % 3]] ?? ''); ?>
<div class="yj-field"><label class="yj-field__label" for="f<?= $i ?>">field <?= $i ?></label>
<input class="weui-input" id="f<?= $i ?>" name="f<?= $i ?>" type="text" maxlength="100" value="<?= $value ?>"/>
<p class="yj-hint" id="f<?= $i ?>-hint">what to write here</p></div>
<?php endfor ?>
<button type="submit">next</button></form></body></html>
