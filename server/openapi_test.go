package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"zhijian/testkit/house"
)

// TestOpenAPI holds the served description against the house: it is OpenAPI 3.1, every operation is a route and every
// route an operation, everything referred to is there, and what the house answers is what it says it answers.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	status, doc := ask(t, http.MethodGet, h.Ready.BaseURL+"/api/openapi.json", nil, nil)
	if version, _ := doc["openapi"].(string); status != http.StatusOK || !strings.HasPrefix(version, "3.1") {
		t.Fatalf("%d, version %v", status, doc["openapi"])
	}
	routes := map[string]bool{}
	for _, r := range h.Routes {
		if strings.HasPrefix(r.Path, "/api/v1/") {
			routes[strings.ToLower(r.Method)+" "+r.Path] = true
		}
	}
	ids := map[string]bool{}
	for path, item := range doc["paths"].(map[string]any) {
		for method, o := range item.(map[string]any) {
			op := o.(map[string]any)
			name := method + " " + path
			if !routes[name] {
				t.Errorf("%s is described and is no route", name)
			}
			delete(routes, name)
			id, _ := op["operationId"].(string)
			if id == "" || ids[id] {
				t.Errorf("%s: operationId %q is missing or given twice", name, id)
			}
			ids[id] = true
			if op["summary"] == nil || op["responses"] == nil || op["tags"] == nil {
				t.Errorf("%s lacks summary, tags or responses", name)
			}
			for _, part := range strings.Split(path, "/") {
				if p, ok := strings.CutPrefix(part, "{"); ok && !declares(op, strings.TrimSuffix(p, "}")) {
					t.Errorf("%s does not declare %s", name, part)
				}
			}
		}
	}
	for name := range routes {
		t.Errorf("%s is a route and is not described", name)
	}
	refer(t, doc, doc, "#")
	answers(t, h, doc)
}

func declares(op map[string]any, name string) bool {
	list, _ := op["parameters"].([]any)
	return slices.ContainsFunc(list, func(p any) bool {
		m, _ := p.(map[string]any)
		return m["name"] == name && m["in"] == "path"
	})
}

// refer follows every $ref.
func refer(t *testing.T, doc map[string]any, v any, at string) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			var to any = doc
			for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
				m, _ := to.(map[string]any)
				to = m[strings.NewReplacer("~1", "/", "~0", "~").Replace(part)]
			}
			if to == nil {
				t.Errorf("%s refers to %s, which is not there", at, ref)
			}
		}
		for k, x := range v {
			refer(t, doc, x, at+"/"+k)
		}
	case []any:
		for i, x := range v {
			refer(t, doc, x, fmt.Sprint(at, "/", i))
		}
	}
}

// answers asks the house and holds what it says against the description.
func answers(t *testing.T, h *house.House, doc map[string]any) {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mem:///house.json", doc); err != nil {
		t.Fatal(err)
	}
	m := machine(t, h, h.Resident(t, "L4", 0))
	opened := m.call(http.MethodPost, "/cities/hangzhou/services/traffic-fine-payment/cases", map[string]any{"values": map[string]any{}}, http.StatusCreated)
	no, _ := opened["no"].(string)
	for _, a := range []struct{ path, method, at, want string }{
		{"/api/v1/cities/{slug}/services/{id}", "get", "/cities/hangzhou/services/hall-appointment", "200"},
		{"/api/v1/cities/{slug}/services/{id}", "get", "/cities/hangzhou/services/none", "404"},
		{"/api/v1/me", "get", "/me", "200"},
		{"/api/v1/cases", "get", "/cases", "200"},
		{"/api/v1/cases/{no}", "get", "/cases/" + no, "200"},
		{"/api/v1/cases/{no}", "get", "/cases/0123456789", "404"},
	} {
		status, out := ask(t, strings.ToUpper(a.method), h.Ready.APIURL+a.at, m.head, nil)
		if fmt.Sprint(status) != a.want {
			t.Errorf("%s: %d, want %s", a.at, status, a.want)
			continue
		}
		kind := "application~1json"
		if status >= 400 {
			kind = "application~1problem+json"
		}
		s, err := c.Compile("mem:///house.json#/paths/" + strings.ReplaceAll(a.path, "/", "~1") + "/" + a.method + "/responses/" + a.want + "/content/" + kind + "/schema")
		if err != nil {
			t.Errorf("%s: %v", a.at, err)
			continue
		}
		if err := s.Validate(out); err != nil {
			t.Errorf("%s answers otherwise than described: %v", a.at, err)
		}
	}
}
