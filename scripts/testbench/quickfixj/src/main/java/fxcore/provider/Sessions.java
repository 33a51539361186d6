package fxcore.provider;

import quickfix.ConfigError;
import quickfix.FixVersions;
import quickfix.SessionID;
import quickfix.SessionSettings;

/** The engine's settings: one session per provider, never reset by itself, reconnecting every second. */
final class Sessions {
    static final String CORE = "FXCORE";

    private Sessions() {
    }

    static SessionID id(String provider) {
        String version = Options.speaks44(provider) ? FixVersions.BEGINSTRING_FIX44 : FixVersions.BEGINSTRING_FIXT11;
        return new SessionID(version, provider, CORE);
    }

    static SessionSettings settings(Options options) throws ConfigError {
        SessionSettings settings = new SessionSettings();
        settings.setString("ConnectionType", "initiator");
        settings.setString("SocketConnectHost", options.host());
        settings.setLong("SocketConnectPort", options.port());
        settings.setString("SocketTcpNoDelay", "Y");
        settings.setString("NonStopSession", "Y");
        settings.setLong("HeartBtInt", 5);
        settings.setLong("ReconnectInterval", 1);
        settings.setLong("LogonTimeout", 5);
        settings.setString("FileStorePath", options.store().toString());
        settings.setString("UseDataDictionary", "Y");
        settings.setString("ValidateUserDefinedFields", "Y");
        settings.setString("ResetOnLogon", "N");
        for (String provider : options.sessions()) {
            add(settings, options, provider);
        }
        return settings;
    }

    private static void add(SessionSettings settings, Options options, String provider) {
        SessionID id = id(provider);
        settings.setString(id, "BeginString", id.getBeginString());
        settings.setString(id, "SenderCompID", provider);
        settings.setString(id, "TargetCompID", CORE);
        if (Options.speaks44(provider)) {
            settings.setString(id, "DataDictionary", options.dictionaries().resolve("FIX44.xml").toString());
            return;
        }
        settings.setString(id, "DefaultApplVerID", "FIX.5.0SP2");
        settings.setString(id, "TransportDataDictionary", options.dictionaries().resolve("FIXT11.xml").toString());
        settings.setString(id, "AppDataDictionary", options.dictionaries().resolve("FIX50SP2.xml").toString());
    }
}
