package service_test

import (
	"os"
	"strings"
	"testing"

	"zhijian/domain/service"
)

// TestDocsExampleLoads keeps the handbook's example true.
func TestDocsExampleLoads(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../docs/service-definition.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(b), "```yaml complete\n")
	src, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatal("the complete example is gone")
	}
	problems, advice := service.Check("docs", []byte(src), nil)
	for _, p := range append(problems, advice...) {
		t.Error(p)
	}
	for _, word := range strings.Fields("form lookup choose book check pay submit wait result sum yuan when day clock month span today workdays mask plate spaced " +
		"phone citizen_number credit_code bank_card person_name engine_tail digits electricity_account date money number text place choice item list slot file accept max_size " +
		"location degree near least map points lines cells scale level datum " +
		"lookup.resident lookup.failures refund release back settled void yes tries gives unknown down budget pool rule same declare instead prefill other skip") {
		if !strings.Contains(string(b), word) {
			t.Errorf("the handbook does not explain %q", word)
		}
	}
}
