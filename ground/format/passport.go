package format

import (
	"slices"

	"zhijian/ground/fault"
)

// PassportKind is whose passport a number may be.
type PassportKind string

// The kinds of passport.
const (
	OrdinaryPassport PassportKind = "ordinary" // PRC ordinary, old and new
	OfficialPassport PassportKind = "official" // PRC diplomatic, service, public affairs
	SARPassport      PassportKind = "sar"      // Hong Kong or Macau
	ForeignPassport  PassportKind = "foreign"  // anything else of ICAO 9303's length
)

// Passport reads a passport number. Codes: passport.empty, .chars, .length.
func Passport(s string) (string, error) {
	s = fold(s, hyphens+dots)
	switch {
	case s == "":
		return "", fault.Invalid("passport.empty", "请填写护照号，例如 E12345678")
	case !alnum(s):
		return "", fault.Invalid("passport.chars", "护照号只有字母和数字，请去掉其他字符")
	case PassportKindOf(s) == "":
		return "", fault.Invalid("passport.length", "护照号一般是 6 到 9 位，请对照护照核对")
	}
	return s, nil
}

// PassportKindOf gives the likeliest kind of a normal passport number; "" when it fits none.
func PassportKindOf(s string) PassportKind {
	any := func(shapes ...string) bool {
		return slices.ContainsFunc(shapes, func(sh string) bool { return fits(s, sh) })
	}
	switch {
	case any("E########", "G########"), any("E@#######") && s[1] != 'I' && s[1] != 'O':
		return OrdinaryPassport
	case any("DE#######", "SE#######", "PE#######"):
		return OfficialPassport
	case any("K#######", "K########", "KJ#######", "KJ########", "H#######", "H########", "M#######",
		"M########", "MA#######", "MA########", "MB#######", "MB########"):
		return SARPassport
	case len(s) >= 6 && len(s) <= 9 && alnum(s):
		return ForeignPassport
	}
	return ""
}

// TravelPermit reads the number of a travel permit to or from Hong Kong, Macau ("C12345678",
// "CA1234567") or Taiwan ("T12345678", "12345678"). Codes: travel_permit.empty, .shape.
func TravelPermit(s string) (string, error) {
	s = fold(s, hyphens+dots)
	if s == "" {
		return "", fault.Invalid("travel_permit.empty", "请填写通行证号码，例如 C12345678")
	}
	for _, shape := range []string{
		"C#######", "C########", "C@#######", "C@########", "W#######", "W########", "W@#######", "W@########",
		"########", "L########", "T########",
	} {
		if fits(s, shape) {
			return s, nil
		}
	}
	return "", fault.Invalid("travel_permit.shape", "通行证号码是字母加 7 到 8 位数字，请对照证件核对")
}

// MRZCheck gives the check digit of a field of a machine-readable zone (ICAO 9303 part 3): weights 7 3 1.
// A character that such a zone cannot hold counts as '<'.
func MRZCheck(field string) byte {
	sum := 0
	for i := range len(field) {
		v := 0
		switch c := field[i]; {
		case digit(c):
			v = int(c - '0')
		case letter(c):
			v = int(c-'A') + 10
		}
		sum += v * []int{7, 3, 1}[i%3]
	}
	return byte('0' + sum%10)
}
