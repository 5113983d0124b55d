package format

import (
	"strings"

	"zhijian/ground/fault"
)

// BankCard reads a bank card number of 12 to 19 digits with its Luhn digit (ISO/IEC 7812).
// Codes: bank_card.empty, .chars, .short, .long, .check.
func BankCard(s string) (string, error) {
	s = fold(s, hyphens+dots)
	switch {
	case s == "":
		return "", fault.Invalid("bank_card.empty", "请填写银行卡号，卡正面的一串数字")
	case !digits(s):
		return "", fault.Invalid("bank_card.chars", "银行卡号只有数字，请去掉其他字符")
	case len(s) < 12:
		return "", fault.Invalid("bank_card.short", "银行卡号太短，一般是 16 到 19 位，请补全")
	case len(s) > 19:
		return "", fault.Invalid("bank_card.long", "银行卡号太长，最多 19 位，请核对")
	case !luhn(s) || strings.Trim(s, s[:1]) == "": // all-equal digits pass Luhn as zeros
		return "", fault.Invalid("bank_card.check", "银行卡号有一位不对，请对照卡面核对")
	}
	return s, nil
}

func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
