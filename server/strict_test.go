package server_test

import (
	"net/http"
	"strings"
	"testing"

	"zhijian/door"
	"zhijian/testkit/house"
)

// TestStrictBodies holds every call of our own API against bodies that two readers could understand differently
// (security.md rule 2, T20, T21, T33). What is refused comes to no desk: the numbers named here exist nowhere, and a desk
// would answer 404.
func TestStrictBodies(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	good := map[string]string{ // one good member of each call; empty for those without input
		"/api/v1/login/code": `"phone":"13800138000"`,
		"/api/v1/login":      `"phone":"13800138000","code":"000000","challenge":"x"`,
		"/api/v1/logout":     ``,
		"/api/v1/cities/{slug}/services/{id}/cases": `"values":{"a":["b"]}`,
		"/api/v1/cases/{no}/steps/{step}":           `"values":{"a":["b"]}`,
		"/api/v1/cases/{no}/steps/{step}/near":      `"where":"330106"`,
		"/api/v1/cases/{no}/retry":                  ``,
		"/api/v1/cases/{no}/withdraw":               ``,
		"/api/v1/cases/{no}/leave":                  ``,
		"/api/v1/cases/{no}/check-in":               ``,
		"/api/v1/cases/{no}/wait":                   `"slot":"b"`,
		"/api/v1/cases/{no}/move":                   `"slot":"b"`,
		"/api/v1/cases/{no}/rating":                 `"stars":5,"text":"b"`,
		"/api/v1/me/people":                         `"relation":"other","name":"b","citizen_number":"b","consent":true`,
		"/api/v1/me/vehicles":                       `"plate":"b"`,
		"/api/v1/me/vehicles/drop":                  `"plate":"b"`,
		"/api/v1/me/mandates/{id}/end":              ``,
		"/api/v1/cases/{no}/correct":                `"values":{"a":["b"]}`,
		"/api/v1/cases/{no}/appeal":                 `"reasons":"b"`,
		"/api/v1/cases/{no}/amend":                  `"said":"b"`,
		"/api/v1/cases/{no}/settle":                 `"settled":true`,
		"/api/v1/cities/{slug}/bundles/{id}":        ``,
		"/api/v1/bundles/{no}/steps/{step}":         `"values":{"a":["b"]}`,
		"/api/v1/bundles/{no}/members/{member}":     `"choice":"leave"`,
		"/api/v1/bundles/{no}/away":                 ``,

		"/api/v1/cities/{slug}/services/{id}/eligibility": `"values":{"a":["b"]}`,
	}
	m := machine(t, h, h.Resident(t, "L4", 0))
	sent := len(texts(t, h, "13800138000"))
	for _, r := range h.Routes {
		if !strings.HasPrefix(r.Path, "/api/v1/") || r.Takes != door.TakesJSON {
			continue
		}
		inner, ok := good[r.Path]
		if !ok {
			t.Errorf("%s takes a body and is not in this table", r.Path)
			continue
		}
		at := h.Ready.BaseURL + strings.NewReplacer("{slug}", "hangzhou", "{id}", "7", "{no}", "7K2Q9D0M7K2Q9D0MA", "{step}", "plate", "{member}", "none").Replace(r.Path)
		bad := map[string]string{
			"broken": "{" + inner, "a list": `[]`, "a text": `"x"`, "null": `null`, "two values": "{" + inner + "}{}", "after the end": "{" + inner + "} x",
			"an unknown member": "{" + comma(inner) + `"level":4}`,
			"a nested unknown":  "{" + comma(inner) + `"resident":{"id":1}}`,
			"33 deep":           "{" + comma(inner) + `"x":` + strings.Repeat("[", 33) + strings.Repeat("]", 33) + "}",
			"10,000 deep":       strings.Repeat(`{"values":`, 6000),
			"a comment":         "{" + inner + "/* */}",
			"a byte order mark": "\ufeff{" + inner + "}",
			"another encoding":  "\xff\xfe{\x00}\x00",
			"a NUL after it":    "{" + inner + "}\x00",
			"over 64 KB":        "{" + comma(inner) + `"x":"` + strings.Repeat("x", 70<<10) + `"}`,
		}
		if inner != "" {
			bad["nothing"] = ""
			bad["a member twice"] = "{" + inner + "," + inner + "}"
			bad["in another case"] = "{" + strings.ToUpper(inner) + "}"
			bad["twice, in another case"] = "{" + inner + "," + strings.ToUpper(inner) + "}"
			bad["twice by escape"] = "{" + inner + `,"\u00` + twoHex(inner[1]) + inner[2:] + "}"
			for name, c := range inText(inner, map[string]string{"NUL": `\u0000`, "escape": `\u001b`, "C1": `\u0085`, "bidi": `\u202e`, "isolate": `\u2066`, "broken UTF-8": "\xc3\x28", "a raw line break": "\n"}) {
				bad[name+" in a text"] = "{" + strings.Replace(strings.Replace(inner, `"b"`, `"b`+c+`"`, 1), `000"`, `000`+c+`"`, 1) + "}"
			}
		}
		for name, body := range bad {
			req, err := http.NewRequestWithContext(t.Context(), r.Method, at, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", m.head["Authorization"])
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != http.StatusBadRequest && res.StatusCode != http.StatusUnprocessableEntity && !(name == "over 64 KB" && res.StatusCode == http.StatusRequestEntityTooLarge) {
				t.Errorf("%s with %s: %d, want 400 or 422", r.Path, name, res.StatusCode)
			}
		}
	}
	if now := len(texts(t, h, "13800138000")); now != sent {
		t.Errorf("%d codes were sent", now-sent)
	}
	m.call(http.MethodGet, "/me", nil, http.StatusOK) // nothing of it signed the program out
}

// inText gives what must not stand in a text, for a call that takes one.
func inText(inner string, odd map[string]string) map[string]string {
	if !strings.Contains(inner, `"b"`) && !strings.Contains(inner, `000"`) {
		return nil
	}
	return odd
}

func comma(inner string) string {
	if inner == "" {
		return ""
	}
	return inner + ","
}

func twoHex(c byte) string {
	return string("0123456789abcdef"[c>>4]) + string("0123456789abcdef"[c&15])
}

// texts are the messages that came to a phone.
func texts(t *testing.T, h *house.House, phone string) []any {
	t.Helper()
	_, box := ask(t, http.MethodGet, h.Ready.Sandbox["sms"]+"/inbox?phone="+phone, nil, nil)
	list, _ := box["messages"].([]any)
	return list
}
