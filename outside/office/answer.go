package office

import (
	"errors"
	"strings"
	"unicode/utf8"

	"zhijian/ground/fault"
	"zhijian/ground/strict"
)

// Refusal is the cause of an "office.refused" fault: the office's own code for its "no".
type Refusal struct{ Code string }

// Error gives the code.
func (r *Refusal) Error() string { return "refused: " + r.Code }

// refusal makes the fault of an office's "no". Its sentence goes to a page, so it is cut to
// one line of at most 120 characters.
func refusal(no map[string]any) error {
	code, _ := no["code"].(string)
	reason, _ := no["reason"].(string)
	reason = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, reason))
	if reason == "" {
		reason = "对方系统没有接受这次办理"
	}
	if r := []rune(reason); len(r) > 120 {
		reason = string(r[:120])
	}
	if len(code) > 40 {
		code = code[:40]
	}
	return fault.Conflict("office.refused", "%s", reason).Because(&Refusal{Code: code})
}

var errShape = errors.New("answer has another shape")

// inside reads an answer strictly and gives the object called name in it.
func inside(b []byte, name string) (map[string]any, error) {
	v, err := strict.JSON(b, strict.Clean)
	if err != nil {
		return nil, err
	}
	whole, ok := v.(map[string]any)
	if !ok {
		return nil, errShape
	}
	out, ok := whole[name].(map[string]any)
	if !ok {
		return nil, errShape
	}
	return out, nil
}
