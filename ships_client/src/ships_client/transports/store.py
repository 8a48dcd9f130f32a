"""Report objects to the store, through presigned URLs; a ship never holds a storage key."""

import httpx

from ships_client.exceptions import UploadAway, UploadExpired, UploadRefused
from ships_client.transports.headquarters import UploadAddress
from ships_client.transports.http import Line, Unavailable, client


class ReportStore:
    """PUTs with exactly the headers that were signed; safe to use from several threads."""

    def __init__(self, *, patience_s: float = 3600.0, http: httpx.Client | None = None) -> None:
        self._line = Line(patience_s)
        self._http = http or client()

    @property
    def away(self) -> bool:
        """Whether the store was unavailable when last asked."""
        return self._line.away

    def put(self, address: UploadAddress, content: bytes) -> None:
        """Store one object; that it is there already (412) is as good, since an object is only ever written once.

        Raises:
            UploadExpired: the URL is no longer valid (403).
            UploadRefused: the store refuses it for another reason.
            UploadAway: the store was away for longer than the ship waits.
        """
        try:
            reply = self._line.ask(
                f"The store at {httpx.URL(address.url).host}",
                lambda: self._http.put(address.url, content=content, headers=address.headers),
            )
        except Unavailable as error:
            raise UploadAway(f"{error}; {address.key} isn't stored.") from None
        if reply.is_success or reply.status_code == httpx.codes.PRECONDITION_FAILED:
            return
        if reply.status_code == httpx.codes.FORBIDDEN:
            raise UploadExpired(f"The address for {address.key} is no longer valid (403).")
        raise UploadRefused(f"The store refused {address.key} with {reply.status_code}: {reply.text[:200]}")
