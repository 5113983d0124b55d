package format

import "zhijian/ground/fault"

// Postcode reads a postcode of six digits. Codes: postcode.empty, .chars, .length.
func Postcode(s string) (string, error) {
	s = fold(s, hyphens+dots)
	switch {
	case s == "":
		return "", fault.Invalid("postcode.empty", "请填写邮政编码，6 位数字")
	case !digits(s):
		return "", fault.Invalid("postcode.chars", "邮政编码只有数字，请去掉其他字符")
	case len(s) != 6:
		return "", fault.Invalid("postcode.length", "邮政编码是 6 位，现在是 %d 位，请核对", len(s))
	}
	return s, nil
}

// Digits reads a number that is made of digits and has no other standard: an account, a card, a bill. Leading zeros count.
// Codes: digits.empty, .chars.
func Digits(s string) (string, error) {
	s = fold(s, hyphens+dots)
	switch {
	case s == "":
		return "", fault.Invalid("digits.empty", "请填写号码，只有数字")
	case !digits(s):
		return "", fault.Invalid("digits.chars", "这个号码只有数字，请去掉其他字符")
	}
	return s, nil
}

// ElectricityAccount reads a customer number of a power company, 10 to 13 digits. Codes: electricity.empty,
// .chars, .short, .long.
func ElectricityAccount(s string) (string, error) {
	s = fold(s, hyphens+dots)
	switch {
	case s == "":
		return "", fault.Invalid("electricity.empty", "请填写用电户号，10 到 13 位数字，在电费单上")
	case !digits(s):
		return "", fault.Invalid("electricity.chars", "用电户号只有数字，请去掉其他字符")
	case len(s) < 10:
		return "", fault.Invalid("electricity.short", "用电户号至少 10 位，现在少 %d 位，请补全", 10-len(s))
	case len(s) > 13:
		return "", fault.Invalid("electricity.long", "用电户号最多 13 位，现在多 %d 位，请核对", len(s)-13)
	}
	return s, nil
}
