package io.jvs.cli;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** A way to a director: a request message goes there, a reply message or a refusal comes back. */
public interface DirectorClient {

    /**
     * Calls a method of DirectorService and waits for the reply.
     *
     * @param method the method's short name, for example "ListVirtualServices"
     * @param request its request message
     * @param reply reads its response message
     * @throws DirectorException when the director refuses
     * @throws CommandException when no director can be reached
     */
    <T extends MessageLite> T call(String method, MessageLite request, Parser<T> reply)
            throws DirectorException, CommandException;
}
