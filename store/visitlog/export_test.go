package visitlog

// DecodeFrame reads a frame without looking at its checksum, as fuzzing wants it.
func DecodeFrame(frame []byte) ([]Visit, bool) {
	h, ok := parseHead(frame)
	if !ok || len(frame) != frameHead+h.payload {
		return nil, false
	}
	var c columns
	if err := c.decode(h, frame[frameHead:]); err != nil {
		return nil, false
	}
	return c.visits(nil), true
}

// EncodeFrame gives visits as the frame at the beginning of a log.
func EncodeFrame(visits []Visit) []byte {
	var c columns
	c.add(visits)
	return c.appendFrame(nil, place{node: 1, segment: 1, offset: segmentHead}, 0)
}

// SortList and the list's encoding, for their properties.
func SortList(list []uint32) []uint32 { return new(sorter).sort(list) }

// AppendList is appendList.
func AppendList(list []uint32) []byte { return appendList(nil, list) }

// ReadList is readList.
func ReadList(data []byte, n int) ([]uint32, bool) { return readList(nil, data, n) }
