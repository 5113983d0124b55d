package format

import (
	"strings"

	"zhijian/ground/fault"
)

// VIN reads a vehicle identification number of 17 characters (GB 16735). Its check character is
// not required, because domestic lorries may lack it: see VINChecks. Codes: vin.empty, .chars, .short, .long.
func VIN(s string) (string, error) {
	s = fold(s, hyphens+dots)
	n := len([]rune(s))
	switch {
	case n == 0:
		return "", fault.Invalid("vin.empty", "请填写车辆识别代号，17 位，在行驶证上")
	case !alnum(s) || strings.ContainsAny(s, "IOQ"):
		return "", fault.Invalid("vin.chars", "车辆识别代号只有数字和字母，没有 I、O、Q，请核对")
	case n < 17:
		return "", fault.Invalid("vin.short", "车辆识别代号是 17 位，现在少 %d 位，请补全", 17-n)
	case n > 17:
		return "", fault.Invalid("vin.long", "车辆识别代号是 17 位，现在多 %d 位，请核对", n-17)
	}
	return s, nil
}

// VINChecks reports whether the check character of a normal VIN (its ninth) agrees. False deserves a
// question, not a refusal.
func VINChecks(normal string) bool {
	if len(normal) != 17 || !alnum(normal) {
		return false
	}
	sum := 0
	for i, w := range []int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2} {
		sum += vinValue(normal[i]) * w
	}
	return "0123456789X"[sum%11] == normal[8]
}

func vinValue(c byte) int {
	if digit(c) {
		return int(c - '0')
	}
	return int("12345678012345070923456789"[c-'A'] - '0') // I, O and Q have no value
}

// EngineTail reads the last 6 characters of an engine number or VIN; a longer number is cut to them.
// Codes: engine.empty, engine.chars, engine.short, engine.long.
func EngineTail(s string) (string, error) {
	s = fold(s, hyphens+dots+"*/")
	n := len([]rune(s))
	switch {
	case n == 0:
		return "", fault.Invalid("engine.empty", "请填写发动机号后 6 位，在行驶证上")
	case !alnum(s):
		return "", fault.Invalid("engine.chars", "发动机号只有数字和字母，请去掉其他字符")
	case n < 6:
		return "", fault.Invalid("engine.short", "发动机号要填后 6 位，现在少 %d 位，请补全", 6-n)
	case n > 20:
		return "", fault.Invalid("engine.long", "发动机号太长，只填后 6 位就行")
	}
	return s[n-6:], nil
}

// LicenceFile reads the file number of a driving licence, 12 digits. Codes: licence_file.empty, .chars, .length.
func LicenceFile(s string) (string, error) {
	s = fold(s, hyphens+dots)
	switch {
	case s == "":
		return "", fault.Invalid("licence_file.empty", "请填写驾驶证档案编号，12 位数字，在副页上")
	case !digits(s):
		return "", fault.Invalid("licence_file.chars", "档案编号只有数字，请去掉其他字符")
	case len(s) != 12:
		return "", fault.Invalid("licence_file.length", "档案编号是 12 位，现在是 %d 位，请核对", len(s))
	}
	return s, nil
}
