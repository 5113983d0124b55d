package format

import (
	"strings"

	"zhijian/ground/fault"
)

// creditSymbols are the 31 characters of GB 32100 in the order of their values: no I, O, S, V, Z.
const creditSymbols = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CreditCode reads a unified social credit code of 18 characters (GB 32100-2015). Codes:
// credit_code.empty, .short, .long, .chars, .region, .check.
func CreditCode(s string) (string, error) {
	s = fold(s, hyphens+dots)
	return ok(s, creditFault(s))
}

func creditFault(s string) *fault.Error {
	n := len([]rune(s))
	switch {
	case n == 0:
		return fault.Invalid("credit_code.empty", "请填写统一社会信用代码，18 位")
	case strings.Trim(s, creditSymbols) != "":
		return fault.Invalid("credit_code.chars", "统一社会信用代码只有数字和字母，没有 I、O、S、V、Z")
	case n < 18:
		return fault.Invalid("credit_code.short", "统一社会信用代码是 18 位，现在少 %d 位，请补全", 18-n)
	case n > 18:
		return fault.Invalid("credit_code.long", "统一社会信用代码是 18 位，现在多 %d 位，请核对", n-18)
	}
	sum, w := 0, 1
	for i := range 17 {
		v := strings.IndexByte(creditSymbols, s[i])
		if v < 0 { // Trim looks at the ends only
			return fault.Invalid("credit_code.chars", "统一社会信用代码只有数字和字母，没有 I、O、S、V、Z")
		}
		sum += v * w
		w = w * 3 % 31
	}
	switch {
	case !digits(s[2:8]):
		return fault.Invalid("credit_code.region", "统一社会信用代码第 3 到 8 位是数字，请对照执照核对")
	case creditSymbols[(31-sum%31)%31] != s[17]:
		return fault.Invalid("credit_code.check", "统一社会信用代码有一位不对，请对照执照核对")
	}
	return nil
}

// OrganisationCode reads an organisation code (GB 11714) and gives it with its hyphen: "D2143569-X".
// Codes: organisation_code.empty, .length, .chars, .check.
func OrganisationCode(s string) (string, error) {
	s = fold(s, hyphens+dots)
	switch n := len([]rune(s)); {
	case n == 0:
		return "", fault.Invalid("organisation_code.empty", "请填写组织机构代码，9 位")
	case !alnum(s):
		return "", fault.Invalid("organisation_code.chars", "组织机构代码只有数字和字母，请去掉其他字符")
	case n != 9:
		return "", fault.Invalid("organisation_code.length", "组织机构代码是 9 位，现在是 %d 位，请核对", n)
	case organisationCheck(s[:8]) != s[8]:
		return "", fault.Invalid("organisation_code.check", "组织机构代码有一位不对，请对照证书核对")
	}
	return s[:8] + "-" + s[8:], nil
}

func organisationCheck(s string) byte {
	sum := 0
	for i, w := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		v := int(s[i] - '0')
		if letter(s[i]) {
			v = int(s[i]-'A') + 10
		}
		sum += v * w
	}
	return "0X987654321"[sum%11] // 11 − r; 10 is X and 11 is 0
}
