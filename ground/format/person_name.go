package format

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"zhijian/ground/fault"
)

// PersonName reads a name of 1 to 50 characters: Han with the rare ones of every extension, with "·"
// between the parts of minority names, or Latin letters. It is kept as given but for spaces and dots, for
// showing; compare with NameKey. Codes: name.empty, name.long, name.chars.
func PersonName(s string) (string, error) {
	if len(s) > longest {
		return "", fault.Invalid("name.long", "姓名最多 50 个字，请核对")
	}
	rs := tidyName(s)
	switch {
	case len(rs) == 0:
		return "", fault.Invalid("name.empty", "请填写姓名，和身份证上的一样")
	case len(rs) > 50:
		return "", fault.Invalid("name.long", "姓名最多 50 个字，请核对")
	}
	letters := false
	for i, r := range rs {
		switch {
		case han(r) || unicode.Is(unicode.Latin, r):
			letters = true
		case i > 0 && (r == '.' || unicode.Is(unicode.Mn, r)):
		case i > 0 && i < len(rs)-1 && strings.ContainsRune("· -'", r):
		default:
			return "", nameChars()
		}
	}
	if !letters {
		return "", nameChars()
	}
	return string(rs), nil
}

func nameChars() error {
	return fault.Invalid("name.chars", "姓名里只能有汉字、字母和“·”，请去掉其他字符")
}

// NameKey gives the form of a name under which equal names compare equal: NFKC, upper case, no spaces or dots.
func NameKey(name string) string { return fold(name, dots) }

// han reports whether r is a Han character; extension I came after this Go's tables.
func han(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x2EBF0 && r <= 0x2EE5D || r >= 0x323B0 && r <= 0x33479
}

// tidyName takes out what keyboards add: control and invisible characters, full-width Latin, spaces around
// Han characters and several kinds of dot.
func tidyName(s string) []rune {
	if !strings.ContainsFunc(s, han) {
		s = norm.NFC.String(s) // never on Han: it would replace compatibility characters that some people bear
	}
	rs := make([]rune, 0, len(s))
	for _, r := range s {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E: // full-width ASCII; the full-width point is a name's dot
			if r == '．' {
				r = '·'
			} else {
				r -= 0xFEE0
			}
		case strings.ContainsRune("•‧∙⋅・･", r):
			r = '·'
		case r == '’' || r == '‘':
			r = '\''
		case unicode.IsSpace(r):
			r = ' '
		case unicode.Is(unicode.Cf, r):
			continue
		}
		rs = append(rs, r)
	}
	out := rs[:0]
	for i, r := range rs {
		if r == ' ' && (len(out) == 0 || i+1 == len(rs) || out[len(out)-1] == ' ' ||
			beside(out[len(out)-1]) || allSpace(rs[i:]) || beside(next(rs[i:]))) {
			continue
		}
		if r == '.' && len(out) > 0 && han(out[len(out)-1]) && i+1 < len(rs) && han(rs[i+1]) {
			r = '·'
		}
		out = append(out, r)
	}
	return out
}

func beside(r rune) bool { return han(r) || r == '·' }

func allSpace(rs []rune) bool { return next(rs) == ' ' }

// next gives the first rune of rs that is no space; a space when there is none.
func next(rs []rune) rune {
	for _, r := range rs {
		if r != ' ' {
			return r
		}
	}
	return ' '
}
