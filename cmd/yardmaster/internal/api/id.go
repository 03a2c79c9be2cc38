package api

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/yardmaster/yardmaster/engine/core"
)

// newTicketID makes the id of a ticket that was given none: a UUID of version 7
// (RFC 9562, 5.7). Under an idempotency key it is made from the key instead, so
// that sending the request again asks for the same ticket.
func newTicketID(key string) core.TicketID {
	var id [16]byte
	if key != "" {
		sum := sha256.Sum256([]byte(key))
		copy(id[:], sum[:])
		return core.TicketID(uuid(id, 8)) // version 8: made in a way of one's own (RFC 9562, 5.8)
	}
	binary.BigEndian.PutUint64(id[:8], uint64(time.Now().UnixMilli())<<16)
	_, _ = rand.Read(id[6:]) // crypto/rand does not fail
	return core.TicketID(uuid(id, 7))
}

// uuid sets version and variant and renders the canonical form.
func uuid(id [16]byte, version byte) string {
	id[6] = id[6]&0x0f | version<<4
	id[8] = id[8]&0x3f | 0x80
	text := hex.EncodeToString(id[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
