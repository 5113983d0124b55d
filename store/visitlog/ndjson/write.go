package ndjson

import (
	"strconv"

	"zhijian/store/visitlog"
)

// names are those of Kinds, by kind.
var names = func() (n [256]string) {
	for name, kind := range Kinds {
		n[kind] = name
	}
	return n
}()

// Append writes v as a line, its end included; members that are 0 are left out. v must be one that Check takes.
func Append(dst []byte, v visitlog.Visit) []byte { return AppendLine(dst, Line{Visit: v}) }

// AppendLine is Append of all that a line may say.
func AppendLine(dst []byte, l Line) []byte {
	dst = append(dst, `{"at":`...)
	dst = strconv.AppendInt(dst, l.At, 10)
	dst = append(dst, `,"account":`...)
	dst = strconv.AppendUint(dst, uint64(l.Account), 10)
	dst = append(dst, `,"kind":"`...)
	dst = append(dst, names[l.Kind]...)
	dst = append(dst, '"')
	dst = appendMember(dst, `,"person":`, l.Person)
	dst = appendMember(dst, `,"city":`, l.City)
	dst = appendMember(dst, `,"service":`, uint32(l.Service))
	dst = appendMember(dst, `,"channel":`, uint32(l.Channel))
	dst = appendMember(dst, `,"level":`, uint32(l.Level))
	dst = appendMember(dst, `,"home":`, l.Home)
	if l.Simulated {
		dst = append(dst, `,"simulated":1`...)
	}
	return append(dst, '}', '\n')
}

func appendMember(dst []byte, opening string, n uint32) []byte {
	if n == 0 {
		return dst
	}
	return strconv.AppendUint(append(dst, opening...), uint64(n), 10)
}
