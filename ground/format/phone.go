package format

import (
	"slices"
	"strings"

	"zhijian/ground/fault"
)

// Phone reads a mainland mobile number and gives it in E.164: "+8613800138000". It takes +86, 0086,
// and 86 before 11 digits. Codes: phone.empty, phone.chars, phone.country, phone.short, phone.long, phone.prefix.
func Phone(s string) (string, error) {
	s = fold(s, hyphens+dots+"()")
	n := withoutCountry(s)
	return ok("+86"+n, phoneFault(n))
}

// withoutCountry takes the country code off.
func withoutCountry(s string) string {
	switch {
	case strings.HasPrefix(s, "+86"):
		return s[3:]
	case strings.HasPrefix(s, "0086"):
		return s[4:]
	case len(s) == 13 && strings.HasPrefix(s, "86"):
		return s[2:]
	}
	return s
}

func phoneFault(n string) *fault.Error {
	switch {
	case n == "":
		return fault.Invalid("phone.empty", "请填写手机号，11 位数字")
	case strings.HasPrefix(n, "+") && digits(n[1:]):
		return fault.Invalid("phone.country", "目前只能用中国内地的手机号，请换一个")
	case !digits(n):
		return fault.Invalid("phone.chars", "手机号只有数字，请去掉其他字符")
	case len(n) < 11:
		return fault.Invalid("phone.short", "手机号是 11 位，现在少 %d 位，请补全", 11-len(n))
	case len(n) > 11:
		return fault.Invalid("phone.long", "手机号是 11 位，现在多 %d 位，请核对", len(n)-11)
	case n[0] != '1' || n[1] < '3':
		return fault.Invalid("phone.prefix", "手机号以 13 到 19 开头，请核对前两位")
	}
	return nil
}

// Telephone reads the number of an office: a landline with area code ("0571-87654321", an
// extension after a second hyphen), a hotline ("12345", "95598", "110", "4001234567") or a mobile
// number (given in E.164). Codes: telephone.empty, telephone.shape.
func Telephone(s string) (string, error) {
	t := fold(s, dots+"()")
	t = strings.Map(func(r rune) rune {
		if strings.ContainsRune(hyphens, r) {
			return '-'
		}
		return r
	}, t)
	if t == "" {
		return "", fault.Invalid("telephone.empty", "请填写电话，例如 0571-87654321")
	}
	bare := strings.ReplaceAll(t, "-", "")
	if hotline(bare) {
		return bare, nil
	}
	if m, err := Phone(t); err == nil {
		return m, nil
	}
	if n, is := landline(t); is {
		return n, nil
	}
	return "", fault.Invalid("telephone.shape", "电话请连区号一起填，例如 0571-87654321")
}

func hotline(s string) bool {
	if slices.Contains([]string{"110", "119", "120", "122"}, s) || fits(s, "400#######") || fits(s, "800#######") {
		return true
	}
	if fits(s, "12###") {
		return true
	}
	return len(s) >= 5 && len(s) <= 8 && digits(s) && s[0] == '9' && (s[1] == '5' || s[1] == '6')
}

// landline reads 0 + 2 or 3 digits of area, 7 or 8 of number, up to 5 of extension.
func landline(s string) (string, bool) {
	parts := strings.Split(s, "-")
	if len(parts[0]) > 4 { // typed without a hyphen after the area code
		area := 4
		if c := parts[0][1]; c == '1' || c == '2' { // 010 and 02x are the areas of three digits
			area = 3
		}
		parts = append([]string{parts[0][:area], parts[0][area:]}, parts[1:]...)
	}
	if len(parts) < 2 || len(parts) > 3 {
		return "", false
	}
	for _, p := range parts {
		if p == "" || !digits(p) {
			return "", false
		}
	}
	a, n := parts[0], parts[1]
	if a[0] != '0' || len(a) < 3 || len(a) > 4 || len(n) < 7 || len(n) > 8 {
		return "", false
	}
	if len(parts) == 3 && len(parts[2]) > 5 {
		return "", false
	}
	return strings.Join(parts, "-"), true
}
