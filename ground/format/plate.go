package format

import (
	"strings"

	"zhijian/ground/fault"
)

// PlateKind is the sort of a number plate.
type PlateKind string

// The kinds of GA 36-2018 and what came after it.
const (
	OrdinaryPlate  PlateKind = "ordinary"
	EVPlate        PlateKind = "ev"       // new energy, small
	LargeEVPlate   PlateKind = "ev_large" // new energy, large
	PolicePlate    PlateKind = "police"
	LearnerPlate   PlateKind = "learner"
	TrailerPlate   PlateKind = "trailer"
	HongKongPlate  PlateKind = "hongkong"
	MacauPlate     PlateKind = "macau"
	ConsulatePlate PlateKind = "consulate"
	EmbassyPlate   PlateKind = "embassy"
	EmergencyPlate PlateKind = "emergency"
	MilitaryPlate  PlateKind = "military" // army and armed police: opaque, no look-ups
)

const (
	provinces  = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
	evLetters  = "DABCEFGHJK" // D A B C E pure electric; F G H J K others
	plateTails = "警学挂领港澳"
)

// Plate reads a number plate and gives it without dot or space: "浙A12345". The same
// characters may exist twice (blue small, yellow large): look up by plate and PlateCode. Codes: plate.empty, .province,
// .authority, .chars, .letters, .short (one missing), .shorter, .long, .ev, .tail, .border, .emergency.
func Plate(s string) (string, error) {
	s = fold(s, dots+hyphens)
	return ok(s, plateFault([]rune(s)))
}

// PlateKindOf gives the kind of a normal plate; "" when it is none.
func PlateKindOf(normal string) PlateKind {
	rs := []rune(normal)
	switch {
	case fits(strings.TrimSuffix(normal, "使"), "######") != fits(strings.TrimPrefix(normal, "使"), "######"):
		return EmbassyPlate
	case military(normal):
		return MilitaryPlate
	case len(rs) < 7 || len(rs) > 8 || !provincial(rs):
		return ""
	}
	rest := string(rs[2:])
	switch tail := rs[len(rs)-1]; {
	case strings.HasSuffix(rest, "应急"):
		if (rs[1] == 'X' || rs[1] == 'S') && fits(strings.TrimSuffix(rest, "应急"), "####") {
			return EmergencyPlate
		}
	case len(rs) == 7 && strings.ContainsRune(plateTails, tail):
		return tailKind(rs)
	case len(rs) == 7 && serial(rest):
		return OrdinaryPlate
	case len(rs) == 8 && serial(rest) && strings.IndexByte(evLetters, rest[0]) >= 0 && digits(rest[2:]):
		return EVPlate
	case len(rs) == 8 && serial(rest) && strings.IndexByte(evLetters, rest[5]) >= 0 && digits(rest[:5]):
		return LargeEVPlate
	}
	return ""
}

// tailKind is for a provincial plate of 7 whose last character is one of plateTails.
func tailKind(rs []rune) PlateKind {
	if !serial(string(rs[2:6])) {
		return ""
	}
	border := rs[0] == '粤' && rs[1] == 'Z'
	switch tail := rs[6]; {
	case tail == '警':
		return PolicePlate
	case tail == '学':
		return LearnerPlate
	case tail == '挂':
		return TrailerPlate
	case tail == '领':
		return ConsulatePlate
	case tail == '港' && border:
		return HongKongPlate
	case tail == '澳' && border:
		return MacauPlate
	}
	return ""
}

// PlateCode gives the usual plate kind code of GA 24.7 for a normal plate: "02" small car, "52" small
// new-energy car, "51" large one. "" for a plate that look-ups do not take. A large ordinary vehicle has "01"
// with the same characters; who asks for it says so.
func PlateCode(normal string) string {
	switch PlateKindOf(normal) {
	case OrdinaryPlate:
		return "02"
	case EmbassyPlate:
		return "03"
	case ConsulatePlate:
		return "04"
	case TrailerPlate:
		return "15"
	case LearnerPlate:
		return "16"
	case PolicePlate:
		return "23"
	case HongKongPlate:
		return "26"
	case MacauPlate:
		return "27"
	case LargeEVPlate:
		return "51"
	case EVPlate:
		return "52"
	}
	return ""
}

// PlateShow gives a normal plate as pages show it: "浙A·12345".
func PlateShow(normal string) string {
	rs := []rune(normal)
	if len(rs) < 7 || !provincial(rs) {
		return normal
	}
	return string(rs[:2]) + "·" + string(rs[2:])
}

func provincial(rs []rune) bool {
	return len(rs) >= 2 && strings.ContainsRune(provinces, rs[0]) && rs[1] >= 'A' && rs[1] <= 'Z' && rs[1] != 'I'
}

// serial reports whether s has only the characters of a plate's serial.
func serial(s string) bool { return alnum(s) && !strings.ContainsAny(s, "IO") }

func military(s string) bool {
	if rest, is := strings.CutPrefix(s, "WJ"); is {
		if rs := []rune(rest); len(rs) > 0 && strings.ContainsRune(provinces, rs[0]) {
			rest = string(rs[1:])
		}
		return len(rest) >= 4 && len(rest) <= 7 && serial(rest) && digits(rest[1:len(rest)-1])
	}
	return fits(s, "@@#####") && strings.IndexByte("VKHBSLJNGCQ", s[0]) >= 0
}

func plateFault(rs []rune) *fault.Error {
	n := len(rs)
	switch {
	case PlateKindOf(string(rs)) != "":
		return nil
	case n == 0:
		return fault.Invalid("plate.empty", "请填写车牌号，例如 浙A12345")
	case !strings.ContainsRune(provinces, rs[0]):
		return fault.Invalid("plate.province", "车牌号第一个字是省的简称，例如 浙A12345")
	case n > 1 && !provincial(rs):
		return fault.Invalid("plate.authority", "车牌号第二位是字母，没有 I，例如 浙A12345")
	}
	body := string(rs[min(2, n):])
	emergency := strings.HasSuffix(body, "应急")
	body = strings.TrimSuffix(body, "应急")
	tail := ""
	if k := n - 1; n > 2 && !emergency && strings.ContainsRune(plateTails, rs[k]) {
		tail, body = string(rs[k:]), string(rs[2:k])
	}
	switch {
	case !alnum(body):
		return fault.Invalid("plate.chars", "车牌号里是数字和字母，请去掉其他字符")
	case !serial(body):
		return fault.Invalid("plate.letters", "车牌号里没有字母 I 和 O，请核对是不是数字 1 和 0")
	case emergency:
		return fault.Invalid("plate.emergency", "应急车牌第二位是 X 或 S，后面 4 位数字，例如 京X1234应急")
	case tail != "" && len(body) != 4:
		return fault.Invalid("plate.tail", "“%s”字前面是 4 位数字或字母，例如 浙A1234%s", tail, tail)
	case tail != "":
		return fault.Invalid("plate.border", "港、澳车牌以“粤Z”开头，例如 粤Z1234港")
	}
	return plateLength(n)
}

func plateLength(n int) *fault.Error {
	switch {
	case n == 6:
		return fault.Invalid("plate.short", "车牌号少一位，小型汽车是 7 位，例如 浙A12345")
	case n < 6:
		return fault.Invalid("plate.shorter", "车牌号少 %d 位，小型汽车是 7 位，例如 浙A12345", 7-n)
	case n == 8:
		return fault.Invalid("plate.ev", "8 位的是新能源车牌，第 3 位或最后一位是字母，例如 浙AD12345")
	}
	return fault.Invalid("plate.long", "车牌号多 %d 位，小型汽车 7 位，新能源 8 位", n-8)
}

// PlateKinds lists every kind, for forms that ask.
func PlateKinds() []PlateKind {
	return []PlateKind{
		OrdinaryPlate, EVPlate, LargeEVPlate, PolicePlate, LearnerPlate, TrailerPlate, HongKongPlate,
		MacauPlate, ConsulatePlate, EmbassyPlate, EmergencyPlate, MilitaryPlate,
	}
}
