package observatory

import "fmt"

// NewDate makes a date; false when there is no such day.
func NewDate(year, month, day int) (Date, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > DaysIn(year, month) {
		return 0, false
	}
	return Date(year*10000 + month*100 + day), true
}

// ParseDate reads 2015-08-31; false when it has another form or there is no such day.
func ParseDate(s string) (Date, bool) {
	if len(s) != 10 || s[4] != s[7] || s[4] != '-' && s[4] != '/' {
		return 0, false
	}
	y, ok1 := digits(s[:4])
	m, ok2 := digits(s[5:7])
	d, ok3 := digits(s[8:])
	if !ok1 || !ok2 || !ok3 {
		return 0, false
	}
	return NewDate(y, m, d)
}

// ParseMonth reports whether s is a month like 2015-08.
func ParseMonth(s string) (year, month int, ok bool) {
	if len(s) != 7 || s[4] != '-' {
		return 0, 0, false
	}
	year, ok1 := digits(s[:4])
	month, ok2 := digits(s[5:])
	return year, month, ok1 && ok2 && year > 0 && month >= 1 && month <= 12
}

func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// DaysIn gives the number of days of a month by the Gregorian calendar.
func DaysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// String gives 2015-08-31; "" for no day.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d/10000, d/100%100, d%100)
}

// Day counts days from the first of January of year 1, which is 1: differences of two are exact.
func (d Date) Day() int {
	y, m := int(d/10000), int(d/100%100)
	n := 365*(y-1) + (y-1)/4 - (y-1)/100 + (y-1)/400 + int(d%100)
	for i := 1; i < m; i++ {
		n += DaysIn(y, i)
	}
	return n
}
