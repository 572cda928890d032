// SPDX-License-Identifier: Apache-2.0
#include "cdtls.h"
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD_HEAD_BYTES = 13, DAYS = 3650, SECONDS_OF_DAY = 86400 };

struct wp_dtls {
    SSL *ssl;
    BIO *from_peer, *to_peer;
    uint8_t peer[WP_DTLS_HASH_BYTES];
    int is_client;
};

static SSL_CTX *context;
static uint8_t own_hash[WP_DTLS_HASH_BYTES];
static int has_own;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/// Who it is stands in the description: the chain says nothing, and every certificate is looked at by its
/// hash, here and nowhere else.
static int on_verify(int good, X509_STORE_CTX *chain) {
    (void)good;
    SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
    const wp_dtls *handshake = ssl ? SSL_get_app_data(ssl) : NULL;
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!handshake || X509_STORE_CTX_get_error_depth(chain) != 0) return 0;
    X509 *leaf = X509_STORE_CTX_get_current_cert(chain);
    if (!leaf || !X509_digest(leaf, EVP_sha256(), hash, &size) || size != WP_DTLS_HASH_BYTES) return 0;
    return CRYPTO_memcmp(hash, handshake->peer, WP_DTLS_HASH_BYTES) == 0;
}

static X509 *certificate_of(EVP_PKEY *key) {
    X509 *made = X509_new();
    uint64_t number = 1;
    if (!made) return NULL;
    RAND_bytes((unsigned char *)&number, sizeof number);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), number >> 1);
    X509_set_version(made, 2);
    // Whatever the clock says: nobody looks at these.
    X509_gmtime_adj(X509_getm_notBefore(made), -(long)SECONDS_OF_DAY);
    X509_gmtime_adj(X509_getm_notAfter(made), (long)DAYS * SECONDS_OF_DAY);
    X509_set_pubkey(made, key);
    X509_NAME *name = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"watchpost", -1, -1, 0);
    X509_set_issuer_name(made, name);
    if (X509_sign(made, key, EVP_sha256())) return made;
    X509_free(made);
    return NULL;
}

static void make_context(void) {
    unsigned size = 0;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key ? certificate_of(key) : NULL;
    context = SSL_CTX_new(DTLS_method());
    if (context && certificate && SSL_CTX_use_certificate(context, certificate) == 1
        && SSL_CTX_use_PrivateKey(context, key) == 1
        // 0 is success here.
        && SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AES128_CM_SHA1_80") == 0
        && X509_digest(certificate, EVP_sha256(), own_hash, &size)) {
        SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, on_verify);
        SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        has_own = 1;
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
}

int wp_dtls_fingerprint(uint8_t *hash) {
    pthread_once(&once, make_context);
    if (!has_own) return -1;
    memcpy(hash, own_hash, WP_DTLS_HASH_BYTES);
    return 0;
}

wp_dtls *wp_dtls_new(int is_client, const uint8_t *peer) {
    pthread_once(&once, make_context);
    wp_dtls *made = has_own ? calloc(1, sizeof *made) : NULL;
    if (!made) return NULL;
    memcpy(made->peer, peer, WP_DTLS_HASH_BYTES);
    made->is_client = is_client;
    made->ssl = SSL_new(context);
    made->from_peer = BIO_new(BIO_s_mem());
    made->to_peer = BIO_new(BIO_s_mem());
    if (!made->ssl || !made->from_peer || !made->to_peer) {
        BIO_free(made->from_peer);
        BIO_free(made->to_peer);
        SSL_free(made->ssl);
        free(made);
        return NULL;
    }
    // Nothing to read is not the end.
    BIO_set_mem_eof_return(made->from_peer, -1);
    BIO_set_mem_eof_return(made->to_peer, -1);
    SSL_set_bio(made->ssl, made->from_peer, made->to_peer);
    SSL_set_app_data(made->ssl, made);
    SSL_set_mtu(made->ssl, WP_DTLS_DATAGRAM_BYTES);
    if (is_client) SSL_set_connect_state(made->ssl);
    else SSL_set_accept_state(made->ssl);
    return made;
}

void wp_dtls_free(wp_dtls *handshake) {
    if (!handshake) return;
    SSL_free(handshake->ssl);
    free(handshake);
}

int wp_dtls_turn(wp_dtls *handshake, const uint8_t *datagram, size_t count) {
    if (count > 0 && BIO_write(handshake->from_peer, datagram, (int)count) != (int)count) return -1;
    if (count == 0) (void)DTLSv1_handle_timeout(handshake->ssl);
    const int result = SSL_do_handshake(handshake->ssl);
    if (result == 1) {
        // Done already, and the other side says something again: our last words were lost.
        uint8_t none[64];
        if (count > 0) (void)SSL_read(handshake->ssl, none, sizeof none);
        return SSL_get_selected_srtp_profile(handshake->ssl) ? 1 : -1;
    }
    const int why = SSL_get_error(handshake->ssl, result);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

size_t wp_dtls_next(wp_dtls *handshake, uint8_t *into) {
    char *waiting = NULL;
    const long count = BIO_get_mem_data(handshake->to_peer, &waiting);
    if (count < RECORD_HEAD_BYTES) return 0;
    // A datagram for each record: none is longer than the MTU, and none is torn.
    const size_t length = (size_t)(uint8_t)waiting[11] << 8 | (uint8_t)waiting[12];
    if (RECORD_HEAD_BYTES + length > WP_DTLS_DATAGRAM_BYTES) return 0;
    const int taken = BIO_read(handshake->to_peer, into, (int)(RECORD_HEAD_BYTES + length));
    return taken > 0 ? (size_t)taken : 0;
}

int wp_dtls_wait_ms(wp_dtls *handshake) {
    struct timeval left;
    if (!DTLSv1_get_timeout(handshake->ssl, &left)) return -1;
    return (int)(left.tv_sec * 1000 + left.tv_usec / 1000 + 1);
}

int wp_dtls_keys(wp_dtls *handshake, uint8_t *ours, uint8_t *theirs) {
    enum { KEY = 16, SALT = 14 };
    uint8_t made[2 * (KEY + SALT)];
    static const char label[] = "EXTRACTOR-dtls_srtp";
    const int done = SSL_export_keying_material(
        handshake->ssl, made, sizeof made, label, sizeof label - 1, NULL, 0, 0);
    if (done != 1) return -1;
    // RFC 5764 4.2: the client's key, the server's, the client's salt, the server's.
    uint8_t *client = handshake->is_client ? ours : theirs, *server = handshake->is_client ? theirs : ours;
    memcpy(client, made, KEY);
    memcpy(server, made + KEY, KEY);
    memcpy(client + KEY, made + 2 * KEY, SALT);
    memcpy(server + KEY, made + 2 * KEY + SALT, SALT);
    OPENSSL_cleanse(made, sizeof made);
    return 0;
}
