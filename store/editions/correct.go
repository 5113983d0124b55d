package editions

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
)

const correctionsFile = "corrections.jsonl"

// corrections lists every place where the exhibits differ from those of the edition that m corrects, a line of JSON each; nothing
// when m corrects none. fault.Conflict when that edition was never computed.
func (s *Shelf) corrections(m *Manifest, now []observatory.Exhibit) ([]byte, error) {
	m.Corrections, m.CorrectionsSum, m.CorrectsSum = 0, "", ""
	if m.Corrects == "" {
		return nil, nil
	}
	old, err := s.Manifest(m.Corrects)
	if err != nil {
		return nil, err
	}
	if len(old.Exhibits) == 0 {
		return nil, uncomputed(m.Corrects)
	}
	before, err := s.Exhibits(m.Corrects)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, d := range differences(before, now, everyDifference) {
		if err := enc.Encode(d); err != nil {
			return nil, err
		}
		m.Corrections++
	}
	m.CorrectsSum, m.CorrectionsSum = old.ExhibitsSum, sum(b.Bytes())
	return b.Bytes(), nil
}

const everyDifference = 1 << 30

// Corrections gives the list kept with an edition that corrects another; none when it corrects none or was not computed. An error
// that wraps ErrChanged when the list is not the one that was kept.
func (s *Shelf) Corrections(name string) (list []Difference, err error) {
	m, err := s.Manifest(name)
	if err != nil || m.CorrectionsSum == "" {
		return nil, err
	}
	defer fault.Wrap(&err, "read the corrections of edition %s", name)
	b, err := os.ReadFile(s.path(name, m.exhibitFolder(), correctionsFile))
	if err != nil {
		return nil, err
	}
	if sum(b) != m.CorrectionsSum {
		return nil, ErrChanged
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	for dec.More() {
		var d Difference
		if err := dec.Decode(&d); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// corrected compares the kept list of corrections with one made now.
func (s *Shelf) corrected(m Manifest, now []observatory.Exhibit) (*Difference, error) {
	fresh := m
	want, err := s.corrections(&fresh, now)
	if err != nil {
		return nil, err
	}
	if fresh.CorrectsSum != m.CorrectsSum {
		return &Difference{Now: "edition " + m.Corrects + ", which it corrects, was computed anew since"}, nil
	}
	if m.Corrects == "" {
		return nil, nil
	}
	got, err := os.ReadFile(s.path(m.Name, m.exhibitFolder(), correctionsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if !bytes.Equal(got, want) || fresh.CorrectionsSum != m.CorrectionsSum {
		return &Difference{Now: "the list of corrections is not the one that follows from the exhibits"}, nil
	}
	return nil, nil
}
