package api

import (
	"bytes"
	"io"
	"strings"

	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/strict"
)

// plain reads the body strictly before anything else does, so that no two readers of it can differ: no member twice, not
// even in another case, UTF-8, no invisible characters, at most 32 deep, nothing after the end. Go would take "PHONE" for
// "phone", so members are spelt as described. A call without input takes nothing or {}.
func plain(r *door.Request, bodied bool) error {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(b))
	if len(b) == 0 && !bodied {
		return nil
	}
	v, err := strict.JSON(b, strict.Plain)
	if err != nil {
		return fault.Invalid("json.broken", "提交的内容不是规范的 JSON，请检查后重发").Because(err)
	}
	members, ok := v.(map[string]any)
	if !ok {
		return fault.Invalid("json.object", "提交的内容应该是一个 JSON 对象，请检查后重发")
	}
	for name := range members {
		if !bodied || name != strings.ToLower(name) {
			return fault.Invalid("json.member", "提交的内容里有不认识的项，请对照接口说明检查")
		}
	}
	return nil
}
