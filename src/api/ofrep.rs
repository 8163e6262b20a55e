//! Evaluation of flags by the OpenFeature Remote Evaluation Protocol.
