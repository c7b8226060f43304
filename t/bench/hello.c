/* hello.c: the least a CGI program can do; what a page is measured against. */
#include <stdio.h>

int main(void)
{
	puts("Content-Type: text/html; charset=utf-8\r\n\r\n<!DOCTYPE html><p>hello</p>");
	return 0;
}
