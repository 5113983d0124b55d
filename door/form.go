package door

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"zhijian/ground/fault"
)

// readQuery parses the address. One value per name, valid UTF-8, no control characters.
func readQuery(raw string, lists []string) (url.Values, error) {
	if raw == "" {
		return nil, nil
	}
	return parse(raw, lists)
}

// readForm reads and parses a form body within its bounds (security.md rule 2, T21, T63).
func readForm(r *http.Request, lists []string) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, rejected{http.StatusUnsupportedMediaType, codeMedia}
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil && !tooLarge(err) && r.Context().Err() == nil {
		return nil, fault.Invalid("form.broken", "提交的内容不完整，请返回上一页再提交一次").Because(err)
	}
	if err != nil {
		return nil, err
	}
	return parse(string(raw), lists)
}

func parse(raw string, lists []string) (url.Values, error) {
	if strings.Count(raw, "&") >= formFields {
		return nil, tooManyFields()
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, fault.Invalid("form.broken", "提交的内容不完整，请返回上一页再提交一次").Because(err)
	}
	return values, checkForm(values, lists)
}

// checkForm refuses a second value where there can be one, and what no person types.
func checkForm(values url.Values, lists []string) error {
	any := slices.Contains(lists, "*")
	for name, list := range values {
		if len(list) > 1 && !any && !slices.Contains(lists, name) {
			return fault.Invalid("form.twice", "同一项填了两次，请返回上一页再提交一次")
		}
		if !clean(name, false) {
			return badText()
		}
		for _, v := range list {
			if !clean(v, true) {
				return badText()
			}
		}
	}
	return nil
}

func tooManyFields() error {
	return fault.Invalid("form.fields", "这一页填的内容太多，请分几次提交")
}

func badText() error {
	return fault.Invalid("form.text", "内容里有看不见的特殊字符，请删掉后重新填写")
}

// clean refuses broken UTF-8, control characters, and the marks that turn the direction of writing (security.md T33).
// Text may have line breaks and tabs.
func clean(s string, text bool) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, c := range s {
		switch {
		case text && (c == '\n' || c == '\r' || c == '\t'):
		case c < 0x20, c == 0x7f, c >= 0x80 && c < 0xa0, c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069:
			return false
		}
	}
	return true
}

// Faults of the request itself, which have a status of their own.
type rejected struct {
	status int
	code   string
}

func (e rejected) Error() string { return "rejected: " + e.code }

const (
	codeMedia = "http.media"
	codeLarge = "http.large"
)

// tooLarge reports whether err comes from a body over its bound.
func tooLarge(err error) bool {
	var e *http.MaxBytesError
	return errors.As(err, &e)
}
