package format

import (
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// CitizenNumber reads an 18-character citizen number (GB 11643-1999), of permits of Hong Kong, Macau and
// Taiwan residents and of foreign permanent residents too. now bounds the date of birth. Codes:
// citizen_number.empty, .old (15 digits), .short, .long, .chars, .check, .region, .date.
func CitizenNumber(s string, now time.Time) (string, error) {
	s = fold(s, hyphens+dots)
	return ok(s, citizenFault(s, now))
}

func citizenFault(s string, now time.Time) *fault.Error {
	n := len([]rune(s))
	switch {
	case n == 0:
		return fault.Invalid("citizen_number.empty", "请填写身份证号，18 位")
	case n == 15 && digits(s):
		return fault.Invalid("citizen_number.old", "这是旧的 15 位号码，请填身份证上的 18 位号码")
	case strings.Trim(s, "0123456789X") != "":
		return fault.Invalid("citizen_number.chars", "身份证号只有数字，最后一位可能是字母 X")
	case n < 18:
		return fault.Invalid("citizen_number.short", "身份证号是 18 位，现在少 %d 位，请补全", 18-n)
	case n > 18:
		return fault.Invalid("citizen_number.long", "身份证号是 18 位，现在多 %d 位，请核对", n-18)
	case !digits(s[:17]):
		return fault.Invalid("citizen_number.chars", "身份证号只有数字，最后一位可能是字母 X")
	case citizenCheck(s[:17]) != s[17]:
		return fault.Invalid("citizen_number.check", "身份证号有一位不对，请对照身份证核对")
	case citizenKind(s) == "":
		return fault.Invalid("citizen_number.region", "身份证号前 6 位不对，请对照身份证核对")
	}
	birth, real := birthOf(s)
	if !real || birth.Year() < 1880 || birth.After(now) {
		return fault.Invalid("citizen_number.date", "身份证号第 7 到 14 位是出生日期，请对照身份证核对")
	}
	return nil
}

// citizenCheck gives the 18th character for the first 17 (ISO 7064 MOD 11-2).
func citizenCheck(s string) byte {
	sum, w := 0, 1
	for i := 16; i >= 0; i-- { // the weights 2 4 8 5 10 … are the powers of 2 mod 11, from the right
		w = w * 2 % 11
		sum += int(s[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// CitizenKind is whose number a citizen number is.
type CitizenKind string

// The kinds of citizen number.
const (
	Mainland  CitizenKind = "mainland"
	HongKong  CitizenKind = "hongkong"
	Macau     CitizenKind = "macau"
	Taiwan    CitizenKind = "taiwan"
	Foreigner CitizenKind = "foreigner" // a foreign permanent resident
)

// Sex is the sex that a citizen number states.
type Sex string

// The sexes of GB/T 2261.1 that a citizen number can state.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// Citizen is what a citizen number says of its holder.
type Citizen struct {
	Kind  CitizenKind
	Birth time.Time // midnight in Shanghai
	Sex   Sex
	// Region is where the number was given out (GB/T 2260, perhaps of an older edition); empty
	// unless Kind is Mainland. It is not where the holder lives.
	Region string
}

// CitizenOf reads a normal citizen number; false for anything else.
func CitizenOf(normal string) (Citizen, bool) {
	if len(normal) != 18 || !digits(normal[:17]) || citizenCheck(normal[:17]) != normal[17] {
		return Citizen{}, false
	}
	birth, real := birthOf(normal)
	c := Citizen{Kind: citizenKind(normal), Birth: birth, Sex: Female}
	if !real || c.Kind == "" {
		return Citizen{}, false
	}
	if (normal[16]-'0')%2 == 1 {
		c.Sex = Male
	}
	if c.Kind == Mainland {
		c.Region = normal[:6]
	}
	return c, true
}

// AgeAt gives the age in full years on the day of now in Shanghai.
func (c Citizen) AgeAt(now time.Time) int {
	now = now.In(clock.Shanghai)
	age := now.Year() - c.Birth.Year()
	if now.Month() < c.Birth.Month() || (now.Month() == c.Birth.Month() && now.Day() < c.Birth.Day()) {
		age--
	}
	return age
}

// citizenKind looks at the first two digits only: regions come and go, so the rest of the code
// may be historic; a foreigner's number has 9, then the province that issued the card.
func citizenKind(s string) CitizenKind {
	n, _ := strconv.Atoi(s[:2])
	switch {
	case n == 81:
		return HongKong
	case n == 82:
		return Macau
	case n == 83:
		return Taiwan
	case n >= 91 && n <= 98:
		return Foreigner
	case n >= 11 && n <= 15, n >= 21 && n <= 23, n >= 31 && n <= 37, n >= 41 && n <= 46,
		n >= 50 && n <= 54, n >= 61 && n <= 65, n == 71:
		return Mainland
	}
	return ""
}

func birthOf(s string) (time.Time, bool) {
	y, _ := strconv.Atoi(s[6:10])
	m, _ := strconv.Atoi(s[10:12])
	d, _ := strconv.Atoi(s[12:14])
	return day(y, m, d)
}

// day gives midnight in Shanghai of a date, false when the calendar has no such day.
func day(y, m, d int) (time.Time, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, clock.Shanghai)
	return t, y > 0 && t.Year() == y && int(t.Month()) == m && t.Day() == d
}
