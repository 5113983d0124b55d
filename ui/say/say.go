// Package say turns dates, times, amounts and counts into the words people read (ux-rules 8), in Chinese and English.
//
// All times are shown in Asia/Shanghai. Nothing here reads the clock: what depends on today takes now as a parameter.
// A zero time, where there is nothing to say, gives "—".
package say

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/money"
)

const (
	nothing = "—"
	english = "en"
)

var (
	weekdaysZh = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}
	weekdaysEn = [...]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
	monthsEn   = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"}
	monthsLong = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
)

// Day is a date without its weekday: "5月28日" this year, "2027年3月8日" otherwise; "28 May", "8 March 2027".
func Day(lang string, t, now time.Time) string {
	if t.IsZero() {
		return nothing
	}
	t = t.In(clock.Shanghai)
	if t.Year() != now.In(clock.Shanghai).Year() {
		return FullDay(lang, t)
	}
	if lang == english {
		return fmt.Sprintf("%d %s", t.Day(), monthsEn[t.Month()-1])
	}
	return fmt.Sprintf("%d月%d日", t.Month(), t.Day())
}

// Date is a date as residents see it: "5月28日 周四" this year, "2027年3月8日" otherwise; "Thu 28 May".
func Date(lang string, t, now time.Time) string {
	if t.IsZero() {
		return nothing
	}
	t = t.In(clock.Shanghai)
	if t.Year() != now.In(clock.Shanghai).Year() {
		return FullDay(lang, t)
	}
	if lang == english {
		return Weekday(lang, t) + " " + Day(lang, t, now)
	}
	return Day(lang, t, now) + " " + Weekday(lang, t)
}

// FullDay is a date with its year: "2026年5月26日", "26 May 2026".
func FullDay(lang string, t time.Time) string {
	if t.IsZero() {
		return nothing
	}
	t = t.In(clock.Shanghai)
	if lang == english {
		return fmt.Sprintf("%d %s %d", t.Day(), monthsLong[t.Month()-1], t.Year())
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

// Weekday is "周四" or "Thu".
func Weekday(lang string, t time.Time) string {
	if lang == english {
		return weekdaysEn[t.In(clock.Shanghai).Weekday()]
	}
	return weekdaysZh[t.In(clock.Shanghai).Weekday()]
}

// Time is the time of day: "9:30", "14:05"; "9:30 am".
func Time(lang string, t time.Time) string {
	if t.IsZero() {
		return nothing
	}
	t = t.In(clock.Shanghai)
	if lang == english {
		return t.Format("3:04 pm")
	}
	return t.Format("15:04")[leadingZero(t):]
}

func leadingZero(t time.Time) int {
	if t.Hour() < 10 {
		return 1
	}
	return 0
}

// Moment is a date and a time: "5月26日 14:08" this year, with the year otherwise; "26 May, 2:08 pm".
func Moment(lang string, t, now time.Time) string {
	if t.IsZero() {
		return nothing
	}
	return Day(lang, t, now) + gap(lang) + Time(lang, t)
}

// FullMoment is a date with its year and a time, for receipts and records: "2026年5月26日 14:08".
func FullMoment(lang string, t time.Time) string {
	if t.IsZero() {
		return nothing
	}
	return FullDay(lang, t) + gap(lang) + Time(lang, t)
}

func gap(lang string) string {
	if lang == english {
		return ", "
	}
	return " "
}

// Hours is a range within one day: "9:30–10:00"; "9:30–10:00 am", "11:30 am–12:30 pm".
func Hours(lang string, from, to time.Time) string {
	if lang != english {
		return Time(lang, from) + "–" + Time(lang, to)
	}
	a, b := Time(lang, from), Time(lang, to)
	if a[len(a)-2:] == b[len(b)-2:] {
		a = a[:len(a)-3]
	}
	return a + "–" + b
}

// Days is a range of whole days: "6月19日–21日", "6月30日–7月2日"; "19–21 June".
func Days(lang string, from, to, now time.Time) string {
	from, to = from.In(clock.Shanghai), to.In(clock.Shanghai)
	same := from.Year() == to.Year() && from.Month() == to.Month()
	switch {
	case same && from.Day() == to.Day():
		return Day(lang, from, now)
	case same && lang == english:
		return fmt.Sprintf("%d–%s", from.Day(), Day(lang, to, now))
	case same:
		return fmt.Sprintf("%s–%d日", Day(lang, from, now), to.Day())
	}
	return Day(lang, from, now) + "–" + Day(lang, to, now)
}

// Ago is a moment that has passed: "刚刚", "18 分钟前", "今天 9:12", "昨天", then the date; "18 min ago". A moment
// still to come is said as Moment.
func Ago(lang string, t, now time.Time) string {
	if t.IsZero() {
		return nothing
	}
	d := now.Sub(t)
	switch {
	case d < 0:
		return Moment(lang, t, now)
	case d < time.Minute:
		return pick(lang, "刚刚", "just now")
	case d < time.Hour:
		return pick(lang, "%d 分钟前", "%d min ago", int(d/time.Minute))
	}
	switch midnight(now).Sub(midnight(t)) / (24 * time.Hour) {
	case 0:
		return pick(lang, "今天 %s", "today, %s", Time(lang, t))
	case 1:
		return pick(lang, "昨天", "yesterday")
	}
	return Day(lang, t, now)
}

func midnight(t time.Time) time.Time {
	t = t.In(clock.Shanghai)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, clock.Shanghai)
}

// By is a deadline by day, always absolute: "6月12日前", "by 12 June".
func By(lang string, t, now time.Time) string {
	return pick(lang, "%s前", "by %s", Day(lang, t, now))
}

// ByTime is a deadline by the minute: "5月28日 7:00 前", "by 28 May, 7:00 am".
func ByTime(lang string, t, now time.Time) string {
	return pick(lang, "%s 前", "by %s", Moment(lang, t, now))
}

// Left is the time until a deadline, for staff: "剩 4 小时", "4 hours left"; past it "已超 1 天", "1 day late".
func Left(lang string, deadline, now time.Time) string {
	d := deadline.Sub(now)
	if d < 0 {
		return pick(lang, "已超 %s", "%s late", Duration(lang, -d))
	}
	return pick(lang, "剩 %s", "%s left", Duration(lang, d))
}

// Duration is a length of time in its largest fitting unit, rounded down: "41 秒", "38 分钟", "6 小时", "5 天".
func Duration(lang string, d time.Duration) string {
	switch {
	case d < time.Minute:
		return unit(lang, int(d/time.Second), "秒", "second")
	case d < time.Hour:
		return unit(lang, int(d/time.Minute), "分钟", "minute")
	case d < 24*time.Hour:
		return unit(lang, int(d/time.Hour), "小时", "hour")
	}
	return unit(lang, int(d/(24*time.Hour)), "天", "day")
}

// WorkDays is "3 个工作日", "3 working days".
func WorkDays(lang string, n int) string { return unit(lang, n, "个工作日", "working day") }

func unit(lang string, n int, zh, en string) string {
	if lang != english {
		return strconv.Itoa(n) + " " + zh
	}
	if n != 1 {
		en += "s"
	}
	return strconv.Itoa(n) + " " + en
}

// Count is a number as residents see it: "1,462", from ten thousand on "12.6 万"; English always has all digits.
func Count(lang string, n int64) string {
	if lang == english || n < 10_000 && n > -10_000 {
		return Digits(n)
	}
	tenths := n / 1000
	if rest := n % 1000; rest >= 500 {
		tenths++
	} else if rest <= -500 {
		tenths--
	}
	if tenths%10 == 0 {
		return Digits(tenths/10) + " 万"
	}
	return fmt.Sprintf("%s.%d 万", Digits(tenths/10), max(tenths%10, -(tenths%10)))
}

// Digits is a number with all its digits: "126,408".
func Digits(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(s[i])
	}
	return sign + b.String()
}

// Money is an exact amount: "¥150.00", "CNY 150.00".
func Money(lang string, f money.Fen) string {
	if lang == english {
		return "CNY " + f.String()
	}
	return f.Yuan()
}

// Thousands is an amount for tables of staff, with separators: "¥1,234.50".
func Thousands(f money.Fen) string {
	s := f.String()
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	whole, cents, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return f.Yuan()
	}
	return sign + "¥" + Digits(n) + "." + cents
}

// Percent is a share with one decimal: 0.981 → "98.1%".
func Percent(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) + "%" }

// Number is a case or payment number grouped by fours for reading aloud: "K7QF 2M9D …" (R8.3).
func Number(no string) string {
	r := []rune(no)
	var b strings.Builder
	for i, c := range r {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// ISO is a time for <time datetime>: "2026-05-28T09:30:00+08:00".
func ISO(t time.Time) string { return t.In(clock.Shanghai).Format(time.RFC3339) }

func pick(lang, zh, en string, args ...any) string {
	if lang == english {
		zh = en
	}
	if len(args) == 0 {
		return zh
	}
	return fmt.Sprintf(zh, args...)
}
