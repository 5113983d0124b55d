package format

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Viewer is who looks at a value.
type Viewer string

// The viewers. Anything else is treated as Public.
const (
	Own       Viewer = "own"        // the resident it belongs to
	Staff     Viewer = "staff"      // staff, in lists and by default
	StaffCase Viewer = "staff_case" // staff inside a case they work on
	Public    Viewer = "public"     // anybody; also texts to a phone
)

// Field is the sort of value to mask.
type Field string

// The fields of security.md 7.8.
const (
	FieldName          Field = "name"
	FieldCitizenNumber Field = "citizen_number"
	FieldPhone         Field = "phone"
	FieldBankCard      Field = "bank_card"
	FieldPlate         Field = "plate"
	FieldVIN           Field = "vin"
	FieldPassport      Field = "passport"
	FieldAddress       Field = "address"
	FieldEmail         Field = "email"
	FieldCreditCode    Field = "credit_code" // in a public register: shown whole to all
	FieldOpenID        Field = "openid"
	FieldCoordinates   Field = "coordinates" // "latitude,longitude" in degrees
)

// Mask gives a normal value as a viewer may see it (security.md 7.8, GB/T 35273 7.2); "" where the
// viewer may never see it, for an empty value and for an unknown field. A value too short for its field
// is starred whole. Nothing else in the house shortens these values.
func Mask(f Field, v Viewer, value string) string {
	if value == "" {
		return ""
	}
	own, public := v == Own, v != Own && v != Staff && v != StaffCase
	switch f {
	case FieldCreditCode:
		return value
	case FieldName:
		return maskName(value, own, public)
	case FieldAddress:
		return maskAddress(value, own, public)
	}
	if public {
		return ""
	}
	switch f {
	case FieldCitizenNumber:
		if v == Staff {
			return ends(value, 1, 1, 16, 18)
		}
		return ends(value, 3, 4, 11, 18)
	case FieldPhone:
		return ends(strings.TrimPrefix(value, "+86"), 3, 4, 4, 11)
	case FieldBankCard:
		return ends(value, 0, 4, 4, 12, ' ')
	case FieldPlate:
		return maskPlate(value, own)
	case FieldVIN:
		if own {
			return ends(value, 0, 6, 11, 17)
		}
		return ends(value, 0, 4, 13, 17)
	case FieldPassport:
		return ends(value, 2, 2, 5, 8)
	case FieldEmail:
		return maskEmail(value)
	case FieldOpenID:
		return ends(value, 6, 4, 4, 20)
	case FieldCoordinates:
		return maskCoordinates(value, own)
	}
	return ""
}

const stars = "****************"

// ends shows head characters and tail characters with n stars between; a value of fewer than least
// characters is starred whole.
func ends(s string, head, tail, n, least int, gap ...rune) string {
	rs := []rune(s)
	if len(rs) < least {
		return stars[:n]
	}
	return string(rs[:head]) + stars[:n] + string(gap) + string(rs[len(rs)-tail:])
}

// maskName shows the family name or the first character; a name of more than four characters does not show its length.
func maskName(name string, own, public bool) string {
	rs := []rune(name)
	n := len(rs)
	switch {
	case own:
		return name
	case n == 1:
		return "*"
	case public && unicode.Is(unicode.Latin, rs[0]):
		return "***"
	case public:
		return "*" + string(rs[n-1])
	case unicode.Is(unicode.Latin, rs[0]) || n > 4:
		return string(rs[0]) + "***"
	case n > 2 && compound(string(rs[:2])):
		return string(rs[:2]) + stars[:n-2]
	case n == 2:
		return string(rs[0]) + "*"
	}
	return string(rs[0]) + stars[:n-2] + string(rs[n-1])
}

// compound reports whether two characters are one of the family names of two characters in use.
func compound(s string) bool {
	const list = " 欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 夏侯 长孙 宇文 轩辕 端木 独孤 南宫 西门 百里 呼延 闻人 申屠 " +
		"太史 公冶 宗政 濮阳 淳于 单于 钟离 鲜于 澹台 赫连 万俟 拓跋 第五 歐陽 諸葛 司馬 尉遲 公孫 東方 "
	return strings.Contains(list, " "+s+" ")
}

func maskPlate(plate string, own bool) string {
	if own {
		return PlateShow(plate)
	}
	rs := []rune(plate)
	if len(rs) < 7 {
		return stars[:7]
	}
	head := ""
	if provincial(rs) {
		head, rs = string(rs[:2])+"·", rs[2:]
	}
	return head + stars[:min(len(rs)-3, len(stars))] + string(rs[len(rs)-3:])
}

// maskAddress keeps an address to its street for staff and to its district for the public.
func maskAddress(address string, own, public bool) string {
	if own {
		return address
	}
	rs := []rune(address)
	district := 0
	for i, r := range rs {
		// the first of these after a city's name is the district; "市" twice is a county-level city
		estate := i > 0 && strings.ContainsRune("小社园", rs[i-1]) // 小区, 社区, 园区
		if strings.ContainsRune("区县旗", r) && !estate || r == '市' && strings.ContainsRune(string(rs[:i]), '市') {
			district = i + 1
			break
		}
	}
	if public {
		return string(rs[:district]) + "***"
	}
	street := district
	for i := district; i < len(rs) && !unicode.IsDigit(rs[i]); i++ {
		if strings.ContainsRune("路街道巷弄里镇乡村", rs[i]) {
			street = i + 1
		}
	}
	return string(rs[:street]) + "***"
}

func maskEmail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 1 {
		return "***"
	}
	return string([]rune(s)[:1]) + "***" + s[at:]
}

// maskCoordinates rounds to a hundredth of a degree, about a kilometre.
func maskCoordinates(s string, own bool) string {
	if own {
		return s
	}
	lat, lon, found := strings.Cut(s, ",")
	a, err1 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	b, err2 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if !found || err1 != nil || err2 != nil || math.Abs(a) > 90 || math.Abs(b) > 180 {
		return "***"
	}
	return strconv.FormatFloat(a, 'f', 2, 64) + "," + strconv.FormatFloat(b, 'f', 2, 64)
}
