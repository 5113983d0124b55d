package intake

import "fmt"

// Zh is the reason in Chinese, for the clerk who has to mend the row; the English one where there is no Chinese.
func (p Problem) Zh() string {
	if p.zh == "" {
		return p.Reason
	}
	return p.zh
}

// problem fills a sentence in both languages.
func problem(file string, line int, column, code, format string, args ...any) Problem {
	p := Problem{File: file, Line: line, Column: column, Code: code, Reason: fmt.Sprintf(format, args...)}
	if zh, ok := chinese[format]; ok {
		p.zh = fmt.Sprintf(zh, args...)
	}
	return p
}

// chinese holds every sentence of this package by its English form; both take the same values.
var chinese = map[string]string{
	"the file is not UTF-8; it was read as GB18030 (GBK)":                                       "文件不是 UTF-8，按 GB18030（GBK）读的",
	"the row cannot be taken apart: a quotation mark is not closed or stands inside a cell":     "这一行分不开：引号没有成对，或写在了单元格中间",
	"the column occurs twice; the first one was read":                                           "这一列有两个，读的是前一个",
	"the column is not known and was not read":                                                  "不认识这一列，没有读",
	"the row has %d cells, the header has %d":                                                   "这一行有 %d 格，表头有 %d 格",
	"%q occurs in an earlier row":                                                               "%q 在前面的行里已经有了",
	"the account has no id":                                                                     "账号没有编号",
	"the account has no name":                                                                   "账号没有名称",
	"an account of %s cannot lie in %s, which is a Chinese code":                                "国家是 %s 的账号不会在 %s，这是中国的代码",
	"the account's level %s is above its place, %s":                                             "账号的层级 %s 高于所在地%s",
	"%q is no country code of two capital letters (ISO 3166-1)":                                 "%q 不是国家代码，请写两位大写字母（ISO 3166-1）",
	"%q is no month; write 2015-08":                                                             "%q 不是月份，请写成 2015-08",
	"%q is no account of the registry, or its row was refused":                                  "登记表里没有 %q 这个账号，或者它那一行没有收",
	"the indicator has no name":                                                                 "指标没有名称",
	"%q is no year of four digits":                                                              "%q 不是四位数的年份",
	"%q is no kind of service of the catalogue":                                                 "目录里没有 %q 这种服务",
	"%q is no kind of service of the catalogue; leave it empty for the city's entry as a whole": "目录里没有 %q 这种服务；指整个城市入口的，请留空",
	"%q is no list of durations; write 10:12 50:3 for twelve cases within 10 seconds and three more within 50, with bounds of 1, 2 and 5 times the powers of ten": "%q 不是用时分布。10 秒内 12 件、50 秒内再有 3 件，写成 10:12 50:3；上限只能是 1、2、5 乘以 10 的幂",
	"%s %s cannot be, with %s %s":                                                                   "不会有 %s（%s），因为只有 %s（%s）",
	"%d durations are given of %d cases that ended":                                                 "用时有 %d 件，办结的却是 %d 件",
	"visits are counted for a service that the city has not launched":                               "这个城市没有上线这项服务，却有访问量",
	"%q is no level; write 国家, 省, 地, 县, 乡 or nation, province, prefecture, county, township":        "%q 不是层级，请写国家、省、地、县、乡",
	"%q is no kind of account; write subscription or service":                                       "%q 不是账号类型，请写订阅号或服务号",
	"%q is neither 0 nor 1":                                                                         "%q 不是 0 也不是 1",
	"%q is not one of %s":                                                                           "%q 不在这些里面：%s",
	"%q is no day of the calendar; write 2015-08-31":                                                "没有 %q 这一天，请写成 2015-08-31",
	"%s is below 0; nothing is counted less than not at all":                                        "%s 小于 0，数量最少是 0",
	"%q is no whole number":                                                                         "%q 不是整数",
	"the number is missing; write 0 where there is none, or leave the row out where nobody counted": "没有写数字。确实没有的请写 0，没有统计过的请去掉这一行",
	"the cell is empty: it was not counted, which is not 0, and sums leave it out":                  "这一格是空的，算没有统计过，不算 0，合计里不含它",
	"the table has no such column: it was not counted, which is not 0, and sums leave it out":       "表里没有这一列，算没有统计过，不算 0，合计里不含它",
	"%q is no number": "%q 不是数字",
	"%q is no sector of the catalogue, by id (f01) or by name (公安)":           "目录里没有 %q 这个领域，请写编号（f01）或名称（公安）",
	"%s was %s until %s; it is now %s %s":                                     "%[1]s 是 %[3]s 年以前的%[2]s，现在是 %[4]s %[5]s",
	"%s is %s only since %s; in this edition of the codes the place is %s %s": "%[1]s 从 %[3]s 年起才是%[2]s，这一版代码里是 %[4]s %[5]s",
	"the code is missing": "没有写代码",
	"%q is no GB/T 2260 code of the catalogue's edition (August 2015)": "%q 不是 GB/T 2260 代码（2015 年 8 月版）",
	"%s %s is neither a prefecture-level division nor a municipality":  "%s %s不是地级行政区，也不是直辖市",
}
