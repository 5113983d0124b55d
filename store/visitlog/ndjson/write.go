package ndjson

import (
	"strconv"

	"zhijian/store/visitlog"
)

// Append writes v as a line, its end included; members that are 0 are left out. v must be one that Check takes.
func Append(dst []byte, v visitlog.Visit) []byte {
	dst = append(dst, `{"at":`...)
	dst = strconv.AppendInt(dst, v.At, 10)
	dst = append(dst, `,"account":`...)
	dst = strconv.AppendUint(dst, uint64(v.Account), 10)
	dst = append(dst, `,"kind":"`...)
	for name, kind := range Kinds {
		if kind == v.Kind {
			dst = append(dst, name...)
		}
	}
	dst = append(dst, '"')
	for _, m := range []struct {
		opening string
		n       uint32
	}{
		{`,"person":`, v.Person},
		{`,"city":`, v.City},
		{`,"service":`, uint32(v.Service)},
		{`,"channel":`, uint32(v.Channel)},
		{`,"level":`, uint32(v.Level)},
	} {
		if m.n > 0 {
			dst = strconv.AppendUint(append(dst, m.opening...), uint64(m.n), 10)
		}
	}
	return append(dst, '}', '\n')
}
